import { ensureTopics } from '@parley/bus/kafka';
import { topics } from '@parley/contracts';
import { type Env, kafkaEnv, readEnv } from '@parley/runtime';
import { kafkaConnection } from '@parley/runtime/host';
import { z } from 'zod';
import { type WaitFlags, withPatience } from './patience.ts';

/** The environment of `parley topics`. */
export const topicsEnv = kafkaEnv.extend({
  PARLEY_KAFKA_REPLICATION: z.coerce.number().int().min(1).max(10).default(1).describe('Copies of every partition.'),
});

/** `parley topics`: makes what is missing and says what differs. Resolves to the exit code. */
export async function topicsCommand(flags: WaitFlags, environment: Env): Promise<number> {
  const env = readEnv(topicsEnv, environment);
  const { created, present, differences } = await withPatience(flags, () =>
    ensureTopics(
      { ...kafkaConnection(env, 'parley-topics'), onWarning: (text) => console.error(text) },
      Object.values(topics),
      { replicationFactor: env.PARLEY_KAFKA_REPLICATION },
    ),
  );
  console.log(`${created.length} topics made, ${present.length} there already.`);
  for (const { topic, setting, expected, found } of differences) {
    console.error(`${topic}: ${setting} is ${found}, expected ${expected}; change it with Kafka's own tools.`);
  }
  return differences.length === 0 ? 0 : 1;
}
