import { agentEnv } from '@parley/runtime';
import { z } from 'zod';

/** The environment of a debater: one image, and this decides which of the two it is. */
export const debaterEnv = agentEnv.extend({
  PARLEY_SIDE: z.enum(['pro', 'con']).describe('Which side this process speaks for: "pro" is debater-a.'),
});
