import { z } from 'zod';
import { usageSchema } from '../debater/turn-replied.v1.ts';
import { citationsSchema } from './evidence.ts';
import { floorSchema, sideSchema } from './floor.ts';

/** How new a turn was, by the cheap steps of the redundancy ladder. All shares are 0..1. */
export const noveltySchema = z.object({
  score: z.number().min(0).max(1).describe('1 = nothing of it was said before.'),
  isStale: z.boolean(),
  step: z.enum(['none', 'hash', 'containment', 'jaccard']).describe('The first step of the ladder that caught it.'),
  containment: z.number().min(0).max(1),
  jaccard: z.number().min(0).max(1),
  against: z.enum(['nothing', 'own', 'opponent']).describe('Whose earlier turn it resembles most.'),
});
export type Novelty = z.infer<typeof noveltySchema>;

export const turnRecordedV1 = z.object({
  round: z.int().min(1),
  side: sideSchema,
  text: z.string(),
  model: z.string(),
  isRehearsal: z.boolean(),
  usage: usageSchema,
  novelty: noveltySchema,
  citations: citationsSchema.optional().describe('Evidence that the turn named; absent where it named none.'),
  next: floorSchema.nullable(),
});
export type TurnRecordedV1 = z.infer<typeof turnRecordedV1>;
