import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { callId } from './call.ts';
import { limitsOfRun } from './run-limits.ts';

/** A call that is not made: the next thought knows why. */
export const callRefusedV1 = defineMessage(
  'call-refused.v1',
  z.object({ call: callId, code: z.string(), reason: z.string().max(limitsOfRun.reason) }),
);
export type CallRefusedV1 = z.infer<typeof callRefusedV1.data>;
