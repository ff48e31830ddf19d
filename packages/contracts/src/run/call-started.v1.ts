import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { argumentsSchema, callId } from './call.ts';

/** A call is given out to be made. */
export const callStartedV1 = defineMessage(
  'call-started.v1',
  z.object({
    call: callId,
    tool: z.string(),
    attempt: z.int().min(1),
    args: argumentsSchema.optional().describe('Of a person, where they are not those of the thought.'),
  }),
);
export type CallStartedV1 = z.infer<typeof callStartedV1.data>;
