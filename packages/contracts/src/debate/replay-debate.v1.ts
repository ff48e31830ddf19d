import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { judgeSetupSchema } from './judge.ts';
import { limits } from './start-debate.v1.ts';

const share = z.number().min(0).max(1);

/** Thresholds from which a turn counts as said before. The service's own apply where one is left out. */
export const thresholdsSchema = z.strictObject({
  containment: share.optional().describe('Share of word 3-grams, 0..1.'),
  jaccard: share.optional().describe('Share of meaning-carrying words, 0..1.'),
  cosine: z.number().min(-1).max(1).optional().describe('Cosine of embeddings, -1..1, where the log has some.'),
});
export type Thresholds = z.infer<typeof thresholdsSchema>;

/** What is left out is as it was in the debate. */
export const stopOverridesSchema = z
  .strictObject({
    maxRounds: z.int().min(1).max(limits.maxRounds).optional(),
    minRounds: z.int().min(1).max(limits.maxRounds).optional(),
    stopWhenRedundant: z.boolean().optional(),
    staleRounds: z.int().min(1).max(limits.maxRounds).optional().describe('Rounds in a row without anything new.'),
  })
  .refine(({ minRounds, maxRounds }) => (minRounds ?? 1) <= (maxRounds ?? limits.maxRounds), {
    path: ['minRounds'],
    message: 'minRounds is at most maxRounds',
  });
export type StopOverrides = z.infer<typeof stopOverridesSchema>;

/** Other rules for a debate that is over. */
export const replayRulesSchema = z.strictObject({
  judge: judgeSetupSchema.optional(),
  thresholds: thresholdsSchema.optional(),
  stop: stopOverridesSchema.optional(),
});
export type ReplayRules = z.infer<typeof replayRulesSchema>;

/** Asks to judge a finished debate again by other rules; its subject is the debate. */
export const replayDebateV1 = defineMessage(
  'replay-debate.v1',
  z.object({
    replay: z.uuid().describe('The id of the replay, a stream of its own.'),
    rules: replayRulesSchema,
  }),
);
export type ReplayDebateV1 = z.infer<typeof replayDebateV1.data>;
