import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { argumentsSchema } from './call.ts';
import { limitsOfRun } from './run-limits.ts';

/** A person's answer to a question of a run. */
export const answerQuestionV1 = defineMessage(
  'answer-question.v1',
  z.object({
    question: z.string(),
    answer: z.union([
      z.object({ is: z.literal('words'), text: z.string().min(1).max(limitsOfRun.words) }),
      z.object({
        is: z.literal('approved'),
        args: argumentsSchema.optional().describe('Instead of the proposed ones.'),
      }),
      z.object({ is: z.literal('denied'), reason: z.string().max(limitsOfRun.reason).optional() }),
      z.object({ is: z.literal('done'), output: z.string().max(limitsOfRun.output).optional() }),
      z.object({ is: z.literal('not-done') }),
    ]),
    by: z.string().max(200).optional(),
  }),
);
export type AnswerQuestionV1 = z.infer<typeof answerQuestionV1.data>;
export type Answer = AnswerQuestionV1['answer'];
