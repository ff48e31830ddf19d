import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { limitsOfRun } from './run-limits.ts';

export const runFailedV1 = defineMessage(
  'run-failed.v1',
  z.object({ code: z.string(), reason: z.string().max(limitsOfRun.reason), used: usageSchema }),
);
export type RunFailedV1 = z.infer<typeof runFailedV1.data>;
