import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usedSchema } from './run-limits.ts';

/** The answer, which ends the run. */
export const runRepliedV1 = defineMessage(
  'run-replied.v1',
  z.object({ text: z.string(), used: usedSchema.describe('By all thoughts.') }),
);
export type RunRepliedV1 = z.infer<typeof runRepliedV1.data>;
