import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { proposedCallSchema } from './call.ts';

/** What the model said to do next: calls of tools, or nothing more, and then its text is the answer. */
export const thoughtV1 = defineMessage(
  'thought.v1',
  z.object({
    agent: z.string().describe('Whose tokens these are.'),
    thought: z.int().min(1),
    text: z.string(),
    calls: z.array(proposedCallSchema),
    model: z.string(),
    isRehearsal: z.boolean(),
    usage: usageSchema,
  }),
);
export type ThoughtV1 = z.infer<typeof thoughtV1.data>;
