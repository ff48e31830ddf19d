import { debateEnv } from '@parley/gateway/config.ts';
import { judgingEnv } from '@parley/moderator/config.ts';
import { modelEnv, processEnv } from '@parley/runtime';
import { z } from 'zod';

/** The environment that `parley up` reads; flags win over it. */
export const upEnv = processEnv
  .extend(modelEnv.shape)
  .extend(debateEnv.shape)
  .extend(judgingEnv.shape)
  .extend({
    PARLEY_DATA_DIR: z.string().optional().describe('Where the embedded database lies.'),
  });
export type UpEnv = z.infer<typeof upEnv>;
