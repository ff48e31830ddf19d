import type { StreamKind } from '../stream-kind.ts';

/** A debate: two sides, rounds, a verdict. */
export const debateKind = {
  name: 'debate',
  path: 'debates',
  service: 'moderator',
  commands: 'parley.debate.commands',
  last: ['debate-closed.v1'],
  statuses: {
    accepted: 'submitted',
    debating: 'working',
    paused: 'paused',
    judging: 'working',
    closed: 'completed',
    cancelled: 'canceled',
    failed: 'failed',
    parked: 'failed',
  },
} as const satisfies StreamKind;

/** A finished debate that is judged again, by other rules. */
export const replayKind = {
  name: 'replay',
  path: 'replays',
  service: 'moderator',
  commands: 'parley.debate.commands',
  last: ['replay-finished.v1', 'replay-failed.v1'],
  statuses: {
    accepted: 'submitted',
    judging: 'working',
    finished: 'completed',
    failed: 'failed',
    parked: 'failed',
  },
} as const satisfies StreamKind;
