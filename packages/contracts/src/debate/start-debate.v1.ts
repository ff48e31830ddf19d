import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { plainText } from '../plain-text.ts';
import { degradedSchema } from './degraded.ts';
import { debaterProfileSchema } from './floor.ts';
import { judgeSetupSchema } from './judge.ts';

export const limits = {
  topicCharacters: 500,
  maxRounds: 32,
  deadlineSeconds: 24 * 60 * 60,
  tokenBudget: 10_000_000,
} as const;

/** What is left for a verdict after a debate's deadline: a share of its time, within these bounds, in seconds. */
const verdictReserve = { share: 0.1, leastSeconds: 30, mostSeconds: 300 } as const;

/** Longest time from the deadline to the end of a debate, in seconds: the time to judge one that ran out of time. */
export function verdictReserveSeconds(deadlineSeconds: number): number {
  const { share, leastSeconds, mostSeconds } = verdictReserve;
  return Math.min(mostSeconds, Math.max(leastSeconds, Math.ceil(deadlineSeconds * share)));
}

/** Longest time of a replay, in seconds. What is not judged by then stays without a verdict. */
export const replaySeconds = 15 * 60;

export const topicSchema = plainText('topic', limits.topicCharacters).describe('What is debated, in any language.');

export const defaultTopic = 'The impact of AI on the job market';
export const defaultMaxRounds = 8;
export const defaultMinRounds = 2;

export const checksSchema = z.strictObject({
  embedding: z
    .boolean()
    .optional()
    .describe('Compare meanings by embeddings; on where the moderator has an embedding model.'),
  claims: z.boolean().optional().describe('Count the claims of a turn that nobody made before.'),
  opinion: z
    .boolean()
    .optional()
    .describe(
      'Ask a model whether a turn says anything new. Without it, embeddings that leave it open ask; false never does.',
    ),
  stance: z
    .boolean()
    .optional()
    .describe('Ask a model about a turn that seems to argue for the other side; on unless false.'),
  topic: z.boolean().optional().describe('Ask a model whether a turn is about the topic.'),
});
/**
 * Checks of a debate's turns. `stance` is on, and so is `embedding` where there is a model for it. The others must be
 * asked for. Each costs model calls.
 */
export type Checks = z.infer<typeof checksSchema>;

export const startDebateV1 = defineMessage(
  'start-debate.v1',
  z.object({
    topic: topicSchema,
    maxRounds: z.int().min(1).max(limits.maxRounds),
    minRounds: z.int().min(1).max(limits.maxRounds),
    sides: z.object({ pro: debaterProfileSchema, con: debaterProfileSchema }),
    deadlineSeconds: z.int().min(1).max(limits.deadlineSeconds),
    tokenBudget: z.int().min(1).max(limits.tokenBudget).optional(),
    stopWhenRedundant: z.boolean(),
    checks: checksSchema.optional(),
    judge: judgeSetupSchema.optional(),
    judgeEarly: z.boolean().optional(),
    degraded: degradedSchema.optional().describe('Why it is smaller than it was asked for.'),
  }),
);
export type StartDebateV1 = z.infer<typeof startDebateV1.data>;
