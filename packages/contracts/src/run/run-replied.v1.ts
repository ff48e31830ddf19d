import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';

/** The answer, which ends the run. */
export const runRepliedV1 = defineMessage(
  'run-replied.v1',
  z.object({ text: z.string(), used: usageSchema.describe('By all thoughts.') }),
);
export type RunRepliedV1 = z.infer<typeof runRepliedV1.data>;
