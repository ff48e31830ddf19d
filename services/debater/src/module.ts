import type { Side } from '@parley/contracts/debate';
import { measurePrompts, type ServiceModule } from '@parley/runtime';
import { z } from 'zod';
import { debaterEnv } from './config.ts';
import { debaterOf } from './schema.ts';

const ownEnv = z.object({});

export function debaterModule(side: Side): ServiceModule<typeof debaterEnv, typeof ownEnv> {
  const { service: name, schema } = debaterOf[side];
  return {
    name,
    image: 'debater',
    schema: { schema },
    port: side === 'pro' ? 8082 : 8083,
    env: debaterEnv,
    ownEnv,
    startEnv: { PARLEY_SIDE: side },
    async configure() {
      const { createDebater } = await import('./app.ts');
      return {
        async create(parts) {
          const agent = await parts.agent();
          return createDebater({ ...parts, ...agent, side, onPrompt: measurePrompts(parts.registry, agent.models) });
        },
      };
    },
  };
}
