import { z } from 'zod';
import { defineMessage } from '../define-message.ts';
import { usageSchema } from '../usage.ts';
import { sideSchema } from './floor.ts';

/** Agent that looks at turns and verdicts again, after they had their effect. */
export const samplerAgent = 'sampler';

export const accuracyChecks = ['valid', 'side', 'verdict'] as const;
export type AccuracyCheck = (typeof accuracyChecks)[number];

/** A turn or a verdict was looked at again, after it had its effect: the debate stays as it is. */
export const accuracyCheckedV1 = defineMessage(
  'accuracy-checked.v1',
  z.object({
    agent: z.literal(samplerAgent).describe('Whose tokens these are.'),
    debate: z.uuid(),
    turn: z
      .object({ round: z.int().min(1), side: sideSchema })
      .optional()
      .describe('Which turn; absent for the verdict.'),
    results: z
      .array(z.object({ check: z.enum(accuracyChecks), isGood: z.boolean(), reason: z.string() }))
      .describe('Empty where nobody could look at it.'),
    skipped: z.string().optional().describe('Why nobody could.'),
    model: z.string().optional(),
    usage: usageSchema.optional(),
  }),
);
export type AccuracyCheckedV1 = z.infer<typeof accuracyCheckedV1.data>;
