import { z } from 'zod';
import { turnRepliedV1 } from '../debater/turn-replied.v1.ts';

/** A turn came that has to be looked at before it is recorded; written only when something has to be. */
export const turnReceivedV1 = z.object({
  turn: turnRepliedV1,
  checks: z.array(z.string()).min(1).describe('What it is looked at for.'),
});
export type TurnReceivedV1 = z.infer<typeof turnReceivedV1>;
