import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { sideSchema } from './floor.ts';

/** What a debate can be held up in by a model that is away. */
export const heldUp = ['turn', 'assessment', 'verdict'] as const;

/** A model could not be asked for a reason that may pass. It is asked again until it answers or the time is up. */
export const modelWaitingV1 = defineMessage(
  'model-waiting.v1',
  z.object({
    awaits: z.enum(heldUp).describe('What cannot go on: a turn, the assessment of one, or the verdict.'),
    round: z.int().min(1).optional().describe('Of the turn; absent for a verdict.'),
    side: sideSchema.optional(),
    attempt: z.int().min(1).optional().describe('Which asking for the turn waits; the first when absent.'),
    since: z.int().describe('Milliseconds since 1970 of the first failure.'),
    code: z.string().describe('Why the model could not be asked, as an error code.'),
    reason: z.string().max(500),
  }),
);
export type ModelWaitingV1 = z.infer<typeof modelWaitingV1.data>;
