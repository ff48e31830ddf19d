import { agentEnv } from '@parley/runtime';
import { z } from 'zod';
import type { Sampling } from './in/sampling.ts';

/** The moderator's own settings, for it alone and for everything in one process. */
export const judgingEnv = z.object({
  PARLEY_REDUNDANCY_COSINE: z.coerce
    .number()
    .min(-1)
    .max(1)
    .optional()
    .describe(
      'Cosine from which a turn counts as said before, for an embedding model of your own: `npm run parley -- calibrate` finds it.',
    ),
  PARLEY_ACCURACY_SAMPLE_RATIO: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of finished turns and of verdicts that a model looks at again, 0 to 1; 0 = none.'),
  PARLEY_ACCURACY_TOKENS_PER_DAY: z.coerce
    .number()
    .int()
    .min(0)
    .default(200_000)
    .describe('Tokens that this may cost a tenant in a day (UTC); what would cost more is not looked at.'),
});

/** The environment of the moderator. */
export const moderatorEnv = agentEnv.extend(judgingEnv.shape);

/** Undefined where nothing is looked at again. */
export function samplingOf(env: z.infer<typeof judgingEnv>): Sampling | undefined {
  const ratio = env.PARLEY_ACCURACY_SAMPLE_RATIO;
  return ratio === 0 ? undefined : { ratio, tokensPerDay: env.PARLEY_ACCURACY_TOKENS_PER_DAY };
}
