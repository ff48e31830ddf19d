import { z } from 'zod';
import { defineMessage } from '../define-message.ts';

/** A stream is not, or no longer, set aside in its service. If its inputs fail again, `stream-parked.v1` follows. */
export const streamUnparkedV1 = defineMessage(
  'stream-unparked.v1',
  z.object({
    service: z.string(),
    kind: z.string(),
    stream: z.string(),
    wasParked: z.boolean().describe('False: it was not set aside when the command came, and nothing was done.'),
  }),
);
export type StreamUnparkedV1 = z.infer<typeof streamUnparkedV1.data>;
