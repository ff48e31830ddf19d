import { z } from 'zod';
import { tool } from '../tool.ts';

/** Asks the person whom the agent works for; the run waits for the answer. */
export const askUser = tool({
  name: 'ask_user',
  description: 'Asks the user one question, when something is missing that only the user knows.',
  input: z.strictObject({ question: z.string().trim().min(1).max(1_000) }),
  effect: 'read',
  asks: ({ question }) => question,
  run() {
    throw new Error('A person answers it.');
  },
});
