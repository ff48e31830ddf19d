import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { replayRulesSchema } from './replay-debate.v1.ts';

/** The log of a debate is being read again; the debate itself does not notice. */
export const replayStartedV1 = defineMessage(
  'replay-started.v1',
  z.object({
    debate: z.uuid(),
    rules: replayRulesSchema,
    until: z.int().optional().describe('Milliseconds since 1970: the replay is over by then, judged or not.'),
  }),
);
export type ReplayStartedV1 = z.infer<typeof replayStartedV1.data>;
