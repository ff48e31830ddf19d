import { z } from 'zod';
import { usageSchema } from '../usage.ts';

/** Why a debate ended, for ever closed. Of all that were true the first in this order is *the* reason. */
export const stopReasons = [
  'cancelled',
  'debater_failed',
  'deadline',
  'token_budget',
  'conceded',
  'consensus',
  'judge_decided_early',
  'off_topic',
  'redundant',
  'max_rounds',
] as const;
export const stopReasonSchema = z.enum(stopReasons);
export type StopReason = z.infer<typeof stopReasonSchema>;

export const rubric = ['argument', 'evidence', 'rebuttal', 'clarity'] as const;
const mark = z.int().min(1).max(10);
export const scoresSchema = z.object({
  argument: mark,
  evidence: mark,
  rebuttal: mark,
  clarity: mark,
});
export type Scores = z.infer<typeof scoresSchema>;

const meanMark = z.number().min(1).max(10);
/** Means over several votes; a whole mark where there was one vote. */
export const meanScoresSchema = z.object({
  argument: meanMark,
  evidence: meanMark,
  rebuttal: meanMark,
  clarity: meanMark,
});
export type MeanScores = z.infer<typeof meanScoresSchema>;

const winnerSchema = z.enum(['pro', 'con', 'contested']);

/** What one judge said when it was shown the sides in one order; kept as it was said. */
export const voteSchema = z.object({
  judge: z.string().describe('The model that judged.'),
  order: z.enum(['pro-first', 'con-first']).describe('Which side was X, and shown first in every round.'),
  winner: winnerSchema,
  scores: z.object({ pro: scoresSchema, con: scoresSchema }),
  reason: z.string(),
  usage: usageSchema.optional(),
});
export type Vote = z.infer<typeof voteSchema>;

/** What a verdict may come to. */
export const outcomes = [...winnerSchema.options, 'unavailable'] as const;

export const verdictSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: winnerSchema,
    scores: z.object({ pro: meanScoresSchema, con: meanScoresSchema }).describe('The means over all votes.'),
    reason: z.string(),
    model: z.string(),
    isRehearsal: z.boolean(),
  }),
  z.object({ outcome: z.literal('unavailable'), reason: z.string() }),
]);
export type Verdict = z.infer<typeof verdictSchema>;
