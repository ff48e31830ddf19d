import { z } from 'zod';
import { defineMessage } from '../define-message.ts';

/** A replay's judge could not be asked for a reason that may pass. It is asked again until the replay's time is up. */
export const replayWaitingV1 = defineMessage(
  'replay-waiting.v1',
  z.object({
    debate: z.uuid(),
    since: z.int().describe('Milliseconds since 1970 of the first failure.'),
    reason: z.string().max(500),
  }),
);
export type ReplayWaitingV1 = z.infer<typeof replayWaitingV1.data>;
