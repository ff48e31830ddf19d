import { agentEnv } from '@parley/runtime';
import { z } from 'zod';

/** The moderator's own settings, for it alone and for everything in one process. */
export const redundancyEnv = z.object({
  PARLEY_REDUNDANCY_COSINE: z.coerce
    .number()
    .min(-1)
    .max(1)
    .optional()
    .describe(
      'Cosine from which a turn counts as said before, for an embedding model of your own: `npm run parley -- calibrate` finds it.',
    ),
});

/** The environment of the moderator. */
export const moderatorEnv = agentEnv.extend(redundancyEnv.shape);
