import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { callId } from './call.ts';
import { limitsOfRun } from './run-limits.ts';

export const callSucceededV1 = defineMessage(
  'call-succeeded.v1',
  z.object({
    call: callId,
    output: z.string().max(limitsOfRun.output),
    outputHash: z.string().optional().describe('SHA-256 of all of it; absent where a person said it.'),
    cutCharacters: z.int().min(0).describe('How much more it said.'),
  }),
);
export type CallSucceededV1 = z.infer<typeof callSucceededV1.data>;
