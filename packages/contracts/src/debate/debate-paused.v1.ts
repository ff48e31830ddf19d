import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { withdrawnSchema } from './debate-stopped.v1.ts';

export const debatePausedV1 = defineMessage(
  'debate-paused.v1',
  z.object({
    withdrawn: withdrawnSchema.optional().describe('The turn that was asked for; absent when it had come already.'),
  }),
);
export type DebatePausedV1 = z.infer<typeof debatePausedV1.data>;
