import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usedSchema } from './run-limits.ts';

export const runCancelledV1 = defineMessage(
  'run-cancelled.v1',
  z.object({ reason: z.string().max(500).optional(), used: usedSchema }),
);
export type RunCancelledV1 = z.infer<typeof runCancelledV1.data>;
