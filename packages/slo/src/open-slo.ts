import { z } from 'zod';

const query = z.strictObject({
  metricSource: z.strictObject({
    type: z.literal('Prometheus'),
    spec: z.strictObject({ query: z.string().includes('{{.window}}', 'must contain {{.window}}') }),
  }),
});

const ratio = z
  .strictObject({ counter: z.boolean(), good: query.optional(), bad: query.optional(), total: query })
  .refine(({ good, bad }) => (good === undefined) !== (bad === undefined), {
    error: 'needs either good or bad, not both',
  });

const name = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be lower-case words with hyphens');

/**
 * The part of an SLO document that is understood; a field beyond it is refused.
 * Source: OpenSLO specification v1, "SLO" and "SLI".
 */
export const openSlo = z.strictObject({
  apiVersion: z.literal('openslo/v1'),
  kind: z.literal('SLO'),
  metadata: z.strictObject({
    name,
    displayName: z.string().min(1),
    annotations: z.strictObject({
      'burn-rates': z
        .string()
        .regex(/^\d+(\.\d+)?(, *\d+(\.\d+)?){3}$/, 'must be four numbers: page, page, ticket, ticket')
        .optional(),
      'example-good': z.string().min(1),
      'example-bad': z.string(),
      'switched-by': z
        .string()
        .regex(/^[a-z_:]+$/, 'must be the name of a metric')
        .optional(),
    }),
  }),
  spec: z.strictObject({
    service: name,
    description: z.string().min(1),
    budgetingMethod: z.literal('Occurrences'),
    timeWindow: z.tuple([
      z.strictObject({
        duration: z.string().regex(/^[1-9]\d*d$/, 'must be days, such as 30d'),
        isRolling: z.literal(true),
      }),
    ]),
    indicator: z.strictObject({ metadata: z.strictObject({ name }), spec: z.strictObject({ ratioMetric: ratio }) }),
    objectives: z.tuple([z.strictObject({ displayName: z.string().optional(), target: z.number().gt(0).lt(1) })]),
  }),
});
export type OpenSlo = z.infer<typeof openSlo>;
