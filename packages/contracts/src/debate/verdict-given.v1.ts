import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { verdictSchema, voteSchema } from './outcome.ts';

/** The judges' verdict with the votes that it was made from. Facts of before there were votes have none. */
export const verdictGivenV1 = defineMessage(
  'verdict-given.v1',
  z.object({
    verdict: verdictSchema,
    usage: usageSchema.optional(),
    model: z.string().optional().describe('The models that judged, separated by commas.'),
    votes: z.array(voteSchema).optional().describe('Two of each judge that answered in both orders.'),
    positionFlip: z.boolean().optional().describe('A judge named another winner when the sides changed places.'),
  }),
);
export type VerdictGivenV1 = z.infer<typeof verdictGivenV1.data>;
