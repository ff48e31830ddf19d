import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { sideSchema } from './floor.ts';

export const turnFailedV1 = defineMessage(
  'turn-failed.v1',
  z.object({
    round: z.int().min(1),
    side: sideSchema,
    code: z.string(),
    reason: z.string(),
    attempts: z.int().min(0),
    attempt: z.int().min(1).optional().describe('Which asking for the turn this answers; the first when absent.'),
    usage: usageSchema.optional().describe('Of all attempts, as far as the model told.'),
    model: z.string().optional().describe('The model that used it.'),
  }),
);
export type TurnFailedV1 = z.infer<typeof turnFailedV1.data>;
