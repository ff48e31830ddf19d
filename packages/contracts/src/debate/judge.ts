import { z } from 'zod';
import { modelNameSchema } from './floor.ts';

/** The judges of a debate. Every judge is asked twice, with the sides in either order. */
export const judgeSetupSchema = z.strictObject({
  model: modelNameSchema.optional().describe('The model of every judge; without one the service decides.'),
  panel: z
    .literal([1, 3], 'a panel has 1 or 3 judges')
    .optional()
    .describe('How many judges vote, none of them knowing the votes of the others.'),
});
export type JudgeSetup = z.infer<typeof judgeSetupSchema>;
