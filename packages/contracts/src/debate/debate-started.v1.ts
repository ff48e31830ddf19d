import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { floorSchema } from './floor.ts';
import { startDebateV1 } from './start-debate.v1.ts';

export const debateStartedV1 = defineMessage(
  'debate-started.v1',
  startDebateV1.data.omit({ deadlineSeconds: true }).extend({
    deadlineAt: z.int().describe('Milliseconds since 1970.'),
    verdictBy: z.int().optional().describe('Milliseconds since 1970: the debate is over by then, judged or not.'),
    next: floorSchema,
  }),
);
export type DebateStartedV1 = z.infer<typeof debateStartedV1.data>;
