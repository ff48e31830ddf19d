import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { sideSchema } from './floor.ts';

/** A piece of a turn while it is written. `offset` 0 begins the turn's text anew: what came before was given up. */
export const deltaV1 = defineMessage(
  'delta.v1',
  z.object({
    round: z.int().min(1),
    side: sideSchema,
    offset: z.int().min(0).describe('UTF-16 code units of this turn sent before.'),
    text: z.string(),
  }),
);
export type DeltaV1 = z.infer<typeof deltaV1.data>;
