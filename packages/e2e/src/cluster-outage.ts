import { debateAgents } from './cluster/agents.ts';
import { openWorld } from './cluster/world.ts';
import type { OpenProduct } from './outage-product.ts';

/** Every service as two processes, on a Kafka and a Postgres of its own. */
export const asCluster =
  (name: string, say: (line: string) => void): OpenProduct =>
  async (env) => {
    const world = await openWorld({ name, seed: 1, env, say });
    return {
      url: () => world.balancer.next(),
      async crash() {
        for (const service of debateAgents) for (const replica of world.cluster.of(service)) replica.signal('SIGKILL');
      },
      tables: async () => world.db,
      close: world.close,
    };
  };
