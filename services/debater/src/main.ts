import { measurePrompts, openAgentModel, readEnv } from '@parley/runtime';
import { hostService, serviceMain } from '@parley/runtime/host';
import { createDebater, debaterOf } from './app.ts';
import { debaterEnv } from './config.ts';

await serviceMain('debater', async () => {
  const env = readEnv(debaterEnv, process.env);
  const side = env.PARLEY_SIDE;
  await hostService({
    service: debaterOf[side].service,
    schema: debaterOf[side],
    port: env.PORT ?? (side === 'pro' ? 8082 : 8083),
    env,
    create: async (parts) => {
      const agent = await openAgentModel(env, parts);
      const onPrompt = measurePrompts(parts.registry, agent.models);
      const debater = await createDebater({ ...parts, ...agent, side, onPrompt });
      return { ...debater, ready: { model: agent.modelReady } };
    },
  });
});
