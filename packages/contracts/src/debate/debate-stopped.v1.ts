import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { sideSchema } from './floor.ts';
import { stopReasonSchema } from './outcome.ts';

/** A turn that was asked for and is no longer wanted. */
export const withdrawnSchema = z.object({
  round: z.int().min(1),
  side: sideSchema,
  attempt: z.int().min(1).optional().describe('Which asking for it; the first when absent.'),
});

/** The floor is closed; what was said goes to the judge, unless there is nothing to judge. */
export const debateStoppedV1 = defineMessage(
  'debate-stopped.v1',
  z.object({
    stopReason: stopReasonSchema,
    alsoTrue: z.array(stopReasonSchema),
    rounds: z.int().min(0).describe('Rounds in which both sides spoke.'),
    detail: z.string().optional(),
    withdrawn: withdrawnSchema
      .extend({
        usage: usageSchema.optional().describe('Of a turn that failed: what its attempts used.'),
        model: z.string().optional().describe('The model that used it.'),
      })
      .optional(),
  }),
);
export type DebateStoppedV1 = z.infer<typeof debateStoppedV1.data>;
