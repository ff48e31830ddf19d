import { ensureTopics } from '@parley/bus/kafka';
import { topics } from '@parley/contracts';
import { kafkaEnv, readEnv } from '@parley/runtime';
import { kafkaConnection } from '@parley/runtime/host';
import { z } from 'zod';
import type { Call } from '../command-line/command.ts';
import { exitCodes } from '../command-line/exit-code.ts';
import { type WaitFlags, withPatience } from '../command-line/patience.ts';

/** The environment of `parley topics`. */
export const topicsEnv = kafkaEnv.extend({
  PARLEY_KAFKA_REPLICATION: z.coerce.number().int().min(1).max(10).default(1).describe('Copies of every partition.'),
});

/** `parley topics`: makes what is missing and says what differs. */
export async function topicsCommand({ flags, env: environment, terminal, print }: Call<WaitFlags>): Promise<number> {
  const env = readEnv(topicsEnv, environment);
  const ensure = () =>
    ensureTopics({ ...kafkaConnection(env, 'parley-topics'), onWarning: terminal.note }, Object.values(topics), {
      replicationFactor: env.PARLEY_KAFKA_REPLICATION,
    });
  const report = await withPatience(flags, ensure, terminal.note);
  const { created, present, differences } = report;
  print(report, () => `${created.length} topics made, ${present.length} there already.`);
  for (const { topic, setting, expected, found } of differences) {
    terminal.note(`${topic}: ${setting} is ${found}, expected ${expected}; change it with Kafka's own tools.`);
  }
  return differences.length === 0 ? exitCodes.ok.code : exitCodes.failed.code;
}
