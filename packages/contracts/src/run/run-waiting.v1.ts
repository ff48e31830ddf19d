import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { callId } from './call.ts';
import { limitsOfRun } from './run-limits.ts';

/** Something that is needed is away or busy. It is asked again until it answers or the time is up. */
export const runWaitingV1 = defineMessage(
  'run-waiting.v1',
  z.object({
    call: callId.optional().describe('Absent: it waits for a model.'),
    since: z.int().describe('Milliseconds since 1970 of the first failure.'),
    code: z.string(),
    reason: z.string().max(limitsOfRun.reason),
  }),
);
export type RunWaitingV1 = z.infer<typeof runWaitingV1.data>;
