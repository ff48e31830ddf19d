import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { callId } from './call.ts';

/** A person is asked, and the run waits: for words, for leave to make a call, or for what became of one. */
export const questionAskedV1 = defineMessage(
  'question-asked.v1',
  z.object({
    question: z.string(),
    about: z.enum(['words', 'approval', 'outcome']),
    call: callId,
    text: z.string(),
    expiresAt: z.int().describe('Milliseconds since 1970.'),
  }),
);
export type QuestionAskedV1 = z.infer<typeof questionAskedV1.data>;
