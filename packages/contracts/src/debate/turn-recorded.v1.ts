import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { citationsSchema } from './evidence.ts';
import { floorSchema, sideSchema, sides } from './floor.ts';

/** Novelty of a turn, by the steps of the redundancy ladder that were taken. All shares are 0..1. */
export const noveltySchema = z.object({
  score: z.number().min(0).max(1).describe('1 = nothing of it was said before.'),
  isStale: z.boolean(),
  step: z
    .enum(['none', 'hash', 'containment', 'jaccard', 'embedding', 'claims', 'opinion'])
    .describe('The first step of the ladder that caught it.'),
  containment: z.number().min(0).max(1),
  jaccard: z.number().min(0).max(1),
  against: z.enum(['nothing', 'own', 'opponent']).describe('Whose earlier turn it resembles most.'),
  cosine: z.number().min(-1).max(1).optional().describe('The highest, of embeddings.'),
  cosineAgainst: z.enum(['nothing', 'own', 'opponent']).optional().describe('Whose earlier turn that was.'),
  cosineThreshold: z.number().min(-1).max(1).optional().describe('The cosine from which a turn was stale.'),
  claims: z
    .object({ total: z.int().min(0), fresh: z.int().min(0) })
    .optional()
    .describe('Claims of the turn, and how many nobody had made before.'),
  opinion: z.object({ isNew: z.boolean() }).optional().describe('What a model said when the measures left it open.'),
});
export type Novelty = z.infer<typeof noveltySchema>;

/** What the looking at a turn cost, and which checks gave no answer and why. */
export const assessedSchema = z.object({
  usage: usageSchema,
  spent: z
    .array(usageSchema.extend({ model: z.string() }))
    .optional()
    .describe('The usage by model, for what it costs.'),
  skipped: z.array(z.object({ check: z.string(), reason: z.string() })),
});

export const turnRecordedV1 = defineMessage(
  'turn-recorded.v1',
  z.object({
    round: z.int().min(1),
    side: sideSchema,
    text: z.string(),
    model: z.string(),
    isRehearsal: z.boolean(),
    usage: usageSchema,
    novelty: noveltySchema,
    concedes: z.boolean().default(false).describe('The side declared that it gives in.'),
    flip: z.boolean().default(false).describe('It argues for the other side, and did so when asked once more.'),
    stance: z
      .object({ side: z.enum([...sides, 'neither']), reason: z.string() })
      .optional()
      .describe('What it argues for, where that was looked at.'),
    isOnTopic: z.boolean().optional().describe('Absent when it was not looked at.'),
    assessed: assessedSchema.optional(),
    citations: citationsSchema.optional().describe('Evidence that the turn named; absent where it named none.'),
    next: floorSchema.nullable(),
  }),
);
export type TurnRecordedV1 = z.infer<typeof turnRecordedV1.data>;
