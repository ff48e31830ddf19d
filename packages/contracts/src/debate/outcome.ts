import { z } from 'zod';

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

export const verdictSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.enum(['pro', 'con', 'contested']),
    scores: z.object({ pro: scoresSchema, con: scoresSchema }),
    reason: z.string(),
    model: z.string(),
    isRehearsal: z.boolean(),
  }),
  z.object({ outcome: z.literal('unavailable'), reason: z.string() }),
]);
export type Verdict = z.infer<typeof verdictSchema>;
