import { agentEnv, openAgentModel, readEnv } from '@parley/runtime';
import { hostService } from '@parley/runtime/host';
import { createModerator, moderatorSchema } from './app.ts';

const env = readEnv(agentEnv, process.env);
await hostService({
  service: 'moderator',
  schema: moderatorSchema,
  port: env.PORT ?? 8081,
  env,
  create: async (parts) => createModerator({ ...parts, ...(await openAgentModel(env, parts)) }),
});
