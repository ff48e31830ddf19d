import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { limitsOfRun, runLimitsSchema } from './run-limits.ts';

/** Asks an agent for something. */
export const startRunV1 = defineMessage(
  'start-run.v1',
  z.object({
    agent: z.string(),
    version: z.int().min(1).describe('Of the agent: the run keeps it.'),
    input: z.string().min(1).max(limitsOfRun.words),
    limits: runLimitsSchema,
  }),
);
export type StartRunV1 = z.infer<typeof startRunV1.data>;
