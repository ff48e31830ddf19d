import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { floorSchema } from './floor.ts';

export const debateResumedV1 = defineMessage(
  'debate-resumed.v1',
  z.object({
    next: floorSchema.nullable().describe('Null while the last turn is still looked at.'),
  }),
);
export type DebateResumedV1 = z.infer<typeof debateResumedV1.data>;
