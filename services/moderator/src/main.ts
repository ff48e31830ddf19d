import { openAgentModel, readEnv } from '@parley/runtime';
import { hostService, serviceMain } from '@parley/runtime/host';
import { createModerator, moderatorSchema } from './app.ts';
import { moderatorEnv, samplingOf } from './config.ts';
import { measureTurns } from './metrics.ts';

await serviceMain('moderator', async () => {
  const env = readEnv(moderatorEnv, process.env);
  await hostService({
    service: 'moderator',
    schema: moderatorSchema,
    port: env.PORT ?? 8081,
    env,
    create: async (parts) => {
      const agent = await openAgentModel(env, parts);
      const moderator = await createModerator({
        ...parts,
        ...agent,
        sampling: samplingOf(env),
        redundancyCosine: env.PARLEY_REDUNDANCY_COSINE,
        metrics: measureTurns(parts.registry),
      });
      return { ...moderator, ready: { model: agent.modelReady } };
    },
  });
});
