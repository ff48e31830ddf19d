import { z } from 'zod';
import { defineMessage } from '../define-message.ts';

/** A stream whose `decide` threw: set aside with its inputs, so that the others go on. */
export const streamParkedV1 = defineMessage(
  'stream-parked.v1',
  z.object({
    service: z.string(),
    kind: z.string(),
    stream: z.string(),
    input: z.string().describe('Type of the input that it could not take.'),
    reason: z.string(),
  }),
);
export type StreamParkedV1 = z.infer<typeof streamParkedV1.data>;
