import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { turnRepliedV1 } from './turn-replied.v1.ts';

/** A turn came that has to be looked at before it is recorded; written only when something has to be. */
export const turnReceivedV1 = defineMessage(
  'turn-received.v1',
  z.object({
    turn: turnRepliedV1.data,
    checks: z.array(z.string()).min(1).describe('What it is looked at for.'),
  }),
);
export type TurnReceivedV1 = z.infer<typeof turnReceivedV1.data>;
