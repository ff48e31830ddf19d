import { z } from 'zod';
import { sideSchema } from './floor.ts';
import { stopReasonSchema } from './outcome.ts';

/** A turn that was asked for and is no longer wanted. */
export const withdrawnSchema = z.object({
  round: z.int().min(1),
  side: sideSchema,
  attempt: z.int().min(1).optional().describe('Which asking for it; the first when absent.'),
});

/** The floor is closed; what was said goes to the judge, unless there is nothing to judge. */
export const debateStoppedV1 = z.object({
  stopReason: stopReasonSchema,
  alsoTrue: z.array(stopReasonSchema),
  rounds: z.int().min(0).describe('Rounds in which both sides spoke.'),
  detail: z.string().optional(),
  withdrawn: withdrawnSchema.optional(),
});
export type DebateStoppedV1 = z.infer<typeof debateStoppedV1>;
