// One agent's service as `main.ts` starts it, on a database without the promise that PARLEY_CONTROL names.
import { createDebater, debaterOf } from '@parley/debater';
import { createModerator, moderatorSchema } from '@parley/moderator';
import { agentEnv, openAgentModel, readEnv } from '@parley/runtime';
import { hostService } from '@parley/runtime/host';
import { unsafe } from './unsafe-database.ts';

const env = readEnv(agentEnv, process.env);
const port = env.PORT ?? 0;
const side = process.env.PARLEY_SIDE === 'con' ? 'con' : 'pro';

if (process.env.PARLEY_SERVICE === 'moderator') {
  await hostService({
    service: 'moderator',
    schema: moderatorSchema,
    port,
    env,
    create: async (parts) => createModerator({ ...parts, ...(await openAgentModel(env, parts)), db: unsafe(parts.db) }),
  });
} else {
  await hostService({
    service: debaterOf[side].service,
    schema: debaterOf[side],
    port,
    env,
    create: async (parts) =>
      createDebater({ ...parts, ...(await openAgentModel(env, parts)), db: unsafe(parts.db), side }),
  });
}
