import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { callId } from './call.ts';
import { limitsOfRun } from './run-limits.ts';

/** A call that gave nothing, for the last time: the next thought knows why. */
export const callFailedV1 = defineMessage(
  'call-failed.v1',
  z.object({
    call: callId,
    attempt: z.int().min(1),
    code: z.string(),
    reason: z.string().max(limitsOfRun.reason),
  }),
);
export type CallFailedV1 = z.infer<typeof callFailedV1.data>;
