import { z } from 'zod';
import { sideSchema } from '../debate/floor.ts';

export const turnFailedV1 = z.object({
  round: z.int().min(1),
  side: sideSchema,
  code: z.string(),
  reason: z.string(),
  attempts: z.int().min(0),
  attempt: z.int().min(1).optional().describe('Which asking for the turn this answers; the first when absent.'),
});
export type TurnFailedV1 = z.infer<typeof turnFailedV1>;
