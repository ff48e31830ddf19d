import { z } from 'zod';
import { defineMessage } from '../define-message.ts';

/** Gives a stream that a service has set aside another try, with the inputs it was set aside with. */
export const unparkStreamV1 = defineMessage(
  'unpark-stream.v1',
  z.object({
    service: z.string().min(1).describe('Whose stream it is; everybody else leaves the command alone.'),
    kind: z.string().min(1),
    stream: z.string().min(1),
  }),
);
export type UnparkStreamV1 = z.infer<typeof unparkStreamV1.data>;
