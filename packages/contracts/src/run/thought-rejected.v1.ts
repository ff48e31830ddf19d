import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { limitsOfRun } from './run-limits.ts';

/** A thought that cannot be used, or a model that gave none. The next one is told why. */
export const thoughtRejectedV1 = defineMessage(
  'thought-rejected.v1',
  z.object({
    agent: z.string().describe('Whose tokens these are.'),
    thought: z.int().min(1),
    code: z.string(),
    reason: z.string().max(limitsOfRun.reason),
    model: z.string().optional(),
    usage: usageSchema.optional(),
  }),
);
export type ThoughtRejectedV1 = z.infer<typeof thoughtRejectedV1.data>;
