import { z } from 'zod';
import { modelNameSchema } from './floor.ts';

/** Measures that bound the cost of a debate: rounds, judges, the model of each role that has none of its own. */
const measuresSchema = z.strictObject({
  maxRounds: z.int().min(1).max(32).optional(),
  panel: z.literal([1, 3]).optional(),
  model: modelNameSchema.optional(),
});
export type Measures = z.infer<typeof measuresSchema>;
export const measures = ['maxRounds', 'panel', 'model'] as const satisfies readonly (keyof Measures)[];

/** A debate was made smaller than it was asked for, because an error budget runs out. */
export const degradedSchema = z.object({
  slo: z.string().describe('Of GET /v1/slos.'),
  budgetLeft: z.number().describe('Share of its budget that was left; below 0 it was overspent.'),
  from: measuresSchema.describe('What was asked for, or would have been.'),
  to: measuresSchema.describe('What the debate got instead; what is not named stayed as it was.'),
});
export type Degraded = z.infer<typeof degradedSchema>;

/** Most that new debates get while less of a budget is left. */
export const degradationRule = measuresSchema.extend({
  slo: z.string().min(1),
  budgetBelow: z.number().max(1).describe('1 = as soon as anything is spent, 0 = when it is overspent.'),
});
export type DegradationRule = z.infer<typeof degradationRule>;

export const degradationPolicy = z.array(
  degradationRule.refine((rule) => measures.some((measure) => rule[measure] !== undefined), {
    message: `names nothing to lower: ${measures.join(', ')}`,
  }),
);
export type DegradationPolicy = readonly DegradationRule[];
