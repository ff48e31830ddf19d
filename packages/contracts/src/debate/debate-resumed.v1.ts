import { z } from 'zod';
import { floorSchema } from './floor.ts';

export const debateResumedV1 = z.object({
  next: floorSchema.nullable().describe('Null while the last turn is still looked at.'),
});
export type DebateResumedV1 = z.infer<typeof debateResumedV1>;
