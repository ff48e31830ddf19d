// The topics job: `KAFKA_BROKERS=host:port npm run topics` makes what is missing and says what differs.
import { ensureTopics } from '@parley/bus/kafka';
import { isParleyError, topics } from '@parley/contracts';
import { readEnv } from '@parley/runtime';
import { kafkaConnection } from '@parley/runtime/host';
import { topicsEnv } from './topics-env.ts';

try {
  const env = readEnv(topicsEnv, process.env);
  const { created, present, differences } = await ensureTopics(
    { ...kafkaConnection(env, 'parley-topics'), onWarning: (text) => console.error(text) },
    Object.values(topics),
    { replicationFactor: env.PARLEY_KAFKA_REPLICATION },
  );
  console.log(`${created.length} topics made, ${present.length} there already.`);
  for (const { topic, setting, expected, found } of differences) {
    console.error(`${topic}: ${setting} is ${found}, expected ${expected}; change it with Kafka's own tools.`);
  }
  process.exitCode = differences.length === 0 ? 0 : 1;
} catch (thrown) {
  if (!isParleyError(thrown)) throw thrown;
  console.error(thrown.message);
  process.exitCode = 1;
}
