import type { ServiceModule } from '@parley/runtime';
import { judgingEnv, moderatorEnv, samplingOf } from './config.ts';
import { moderatorSchema } from './schema.ts';

export const moderatorModule: ServiceModule<typeof moderatorEnv, typeof judgingEnv> = {
  name: 'moderator',
  image: 'moderator',
  schema: moderatorSchema,
  port: 8081,
  env: moderatorEnv,
  ownEnv: judgingEnv,
  async configure(own) {
    const { createModerator, measureTurns } = await import('./app.ts');
    return {
      create: async (parts) =>
        createModerator({
          ...parts,
          ...(await parts.agent()),
          sampling: samplingOf(own),
          redundancyCosine: own.PARLEY_REDUNDANCY_COSINE,
          metrics: measureTurns(parts.registry),
        }),
    };
  },
};
