import type { StreamKind } from '../stream-kind.ts';

/** One run of an agent: what was asked, thoughts, calls of tools, questions to people, the answer. */
export const runKind = {
  name: 'run',
  path: 'runs',
  service: 'agent',
  commands: 'parley.run.commands',
  last: ['run-replied.v1', 'run-failed.v1', 'run-cancelled.v1'],
  statuses: {
    accepted: 'submitted',
    working: 'working',
    asking: 'input-required',
    replied: 'completed',
    cancelled: 'canceled',
    failed: 'failed',
    parked: 'failed',
  },
} as const satisfies StreamKind;
