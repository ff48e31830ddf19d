import type { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { answerQuestionV1 } from './answer-question.v1.ts';

export const questionAnsweredV1 = defineMessage('question-answered.v1', answerQuestionV1.data);
export type QuestionAnsweredV1 = z.infer<typeof questionAnsweredV1.data>;
