// The topics job: `KAFKA_BROKERS=host:port npm run topics` makes what is missing and says what differs.
import { ensureTopics } from '@parley/bus/kafka';
import { isParleyError, topics } from '@parley/contracts';
import { readEnv } from '@parley/runtime';
import { z } from 'zod';

const environment = z.object({
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .pipe(z.array(z.string().regex(/^.+:\d+$/, 'expected host:port, several separated by commas')))
    .describe('Brokers to start from, host:port, separated by commas.'),
  PARLEY_KAFKA_REPLICATION: z.coerce.number().int().min(1).max(10).default(1).describe('Copies of every partition.'),
});

try {
  const env = readEnv(environment, process.env);
  const { created, present, differences } = await ensureTopics(
    { brokers: env.KAFKA_BROKERS, clientId: 'parley-topics', onWarning: (text) => console.error(text) },
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
