import { z } from 'zod';
import { plainParagraphs } from '../plain-text.ts';
import { answerQuestionV1 } from './answer-question.v1.ts';
import { limitsOfRun, runLimitsSchema } from './run-limits.ts';

export const startRunBody = z.strictObject({
  input: plainParagraphs('input', limitsOfRun.words).describe('What is asked of the agent.'),
  limits: runLimitsSchema.partial().optional().describe('What it may use, instead of what the agent says.'),
});
export type StartRunBody = z.infer<typeof startRunBody>;

export const runMessageBody = z.strictObject({ text: plainParagraphs('text', limitsOfRun.words) });
export const cancelRunBody = z.strictObject({ reason: z.string().max(500).optional() });
export const answerBody = z.union([
  z.strictObject({ text: plainParagraphs('text', limitsOfRun.words).describe('Words to its first question.') }),
  z.strictObject({
    question: z.string().describe('Id of the question.'),
    answer: answerQuestionV1.data.shape.answer,
  }),
]);
export type RunAnswerBody = z.infer<typeof answerBody>;
