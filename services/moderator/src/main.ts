import { openAgentModel, readEnv } from '@parley/runtime';
import { hostService } from '@parley/runtime/host';
import { createModerator, moderatorSchema } from './app.ts';
import { moderatorEnv, samplingOf } from './config.ts';
import { measureTurns } from './metrics.ts';

const env = readEnv(moderatorEnv, process.env);
await hostService({
  service: 'moderator',
  schema: moderatorSchema,
  port: env.PORT ?? 8081,
  env,
  create: async (parts) =>
    createModerator({
      ...parts,
      ...(await openAgentModel(env, parts)),
      sampling: samplingOf(env),
      redundancyCosine: env.PARLEY_REDUNDANCY_COSINE,
      metrics: measureTurns(parts.registry),
    }),
});
