import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';

export const runCancelledV1 = defineMessage(
  'run-cancelled.v1',
  z.object({ reason: z.string().max(500).optional(), used: usageSchema }),
);
export type RunCancelledV1 = z.infer<typeof runCancelledV1.data>;
