import { z } from 'zod';
import type { PolicyOptions } from '../src/index.ts';

/** Limits small enough for a table of hundreds of calls, and large enough for an answer on a busy machine. */
export const quickPolicy: Partial<PolicyOptions> = {
  coldFirstTokenMs: 1_500,
  warmFirstTokenMs: 1_500,
  stallMs: 700,
  maxRetries: 1,
  retryBaseMs: 2,
  retryCapMs: 4,
  breakerFailures: 1_000_000,
  concurrency: { ollama: 1_000, openai: 1_000, rehearsal: 1_000 },
};

const mark = z.int().min(1).max(10);
const scores = z.object({ argument: mark, evidence: mark, rebuttal: mark, clarity: mark });

/** A ruling as a judge gives it. */
export const ruling = z.object({
  winner: z.enum(['X', 'Y', 'contested']),
  scores: z.object({ X: scores, Y: scores }),
  reason: z.string().trim().min(1).max(600),
});
