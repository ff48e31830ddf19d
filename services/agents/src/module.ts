import { agentEnv, type ServiceModule } from '@parley/runtime';
import { z } from 'zod';
import { agentSchema } from './schema.ts';

const ownEnv = z.object({});

export const agentModule: ServiceModule<typeof agentEnv, typeof ownEnv> = {
  name: 'agent',
  image: 'agents',
  schema: agentSchema,
  port: 8084,
  env: agentEnv,
  ownEnv,
  async configure() {
    const { createAgent } = await import('./app.ts');
    return { create: async (parts) => createAgent({ ...parts, ...(await parts.agent()) }) };
  },
};
