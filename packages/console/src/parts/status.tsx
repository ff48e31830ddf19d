import type { DebateStatus } from '@parley/contracts/debate';

const words: Readonly<Record<DebateStatus, string>> = {
  accepted: 'waiting',
  debating: 'debating',
  paused: 'paused',
  judging: 'judging',
  closed: 'closed',
  cancelled: 'cancelled',
  failed: 'failed',
  parked: 'set aside',
};

export function Status({ status }: { status: DebateStatus }) {
  return <span class={`status status-${status}`}>{words[status]}</span>;
}
