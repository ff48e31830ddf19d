import { z } from 'zod';
import { usageSchema } from '../debater/turn-replied.v1.ts';
import { verdictSchema } from './outcome.ts';

export const verdictGivenV1 = z.object({
  verdict: verdictSchema,
  usage: usageSchema.optional(),
});
export type VerdictGivenV1 = z.infer<typeof verdictGivenV1>;
