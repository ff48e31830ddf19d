import { z } from 'zod';

/** What a run may use. What is left out is filled in when it starts. */
export const runLimitsSchema = z.strictObject({
  steps: z.int().min(1).max(100).describe('Times that the model is asked what to do next.'),
  calls: z.int().min(0).max(1_000).describe('Calls of tools.'),
  parallelCalls: z.int().min(1).max(16).describe('Calls of one thought that run at once.'),
  tokens: z.int().min(1).max(10_000_000).optional().describe('Tokens of all thoughts, input and output.'),
  seconds: z
    .int()
    .min(1)
    .max(30 * 24 * 60 * 60)
    .describe('From its start to its end, waits for people included.'),
});
export type RunLimits = z.infer<typeof runLimitsSchema>;

/** Source of the numbers of steps and calls: the defaults of this project's design, not measured. */
export const defaultRunLimits: RunLimits = { steps: 10, calls: 20, parallelCalls: 4, seconds: 300 };

/** Characters of what is told to a run, and of what a tool answers. What is longer is cut, and the cut is said. */
export const limitsOfRun = { words: 20_000, output: 100_000, reason: 500 } as const;
