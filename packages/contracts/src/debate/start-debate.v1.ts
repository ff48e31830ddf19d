import { z } from 'zod';
import { debaterProfileSchema } from './floor.ts';

export const limits = {
  topicCharacters: 500,
  maxRounds: 32,
  deadlineSeconds: 24 * 60 * 60,
  tokenBudget: 10_000_000,
} as const;

/** C0 and C1 controls, line separators, and the marks that reorder or hide text (Unicode 16 §23.2). */
const hidden = /[\p{Cc}\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

export const topicSchema = z
  .string()
  .trim()
  .min(1, 'a topic has at least one visible character')
  .max(limits.topicCharacters)
  .refine((topic) => !hidden.test(topic), 'a topic has no control or invisible characters')
  .describe('What is debated, in any language.');

export const defaultTopic = 'The impact of AI on the job market';
export const defaultMaxRounds = 8;
export const defaultMinRounds = 2;

export const startDebateV1 = z.object({
  topic: topicSchema,
  maxRounds: z.int().min(1).max(limits.maxRounds),
  minRounds: z.int().min(1).max(limits.maxRounds),
  sides: z.object({ pro: debaterProfileSchema, con: debaterProfileSchema }),
  deadlineSeconds: z.int().min(1).max(limits.deadlineSeconds),
  tokenBudget: z.int().min(1).max(limits.tokenBudget).optional(),
  stopWhenRedundant: z.boolean(),
});
export type StartDebateV1 = z.infer<typeof startDebateV1>;
