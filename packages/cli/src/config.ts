import { modelEnv, processEnv } from '@parley/runtime';
import { z } from 'zod';
import { modules } from './services.ts';

/** Settings of single services. Only the service itself reads them, so that their types are of no use here. */
const ownEnvs: object = Object.assign({}, ...modules.map(({ ownEnv }) => ownEnv.shape));

/** The environment that `parley up` reads, with the settings of every service; flags win over it. */
export const upEnv = processEnv
  .extend(modelEnv.shape)
  .extend(ownEnvs)
  .extend({
    PARLEY_DATA_DIR: z.string().optional().describe('Where the embedded database lies.'),
  });
export type UpEnv = z.infer<typeof upEnv>;
