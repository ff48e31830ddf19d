// Every service as processes of their own on real Kafka and Postgres: `npm run cluster`.
import { parseArgs } from 'node:util';
import { leaveOnSignal } from '@parley/runtime';
import { startCluster } from './cluster/running-cluster.ts';
import { kafkaUp } from './kafka/cluster.ts';
import { postgresUp } from './postgres/cluster.ts';
import { runProgram, sayOnStderr } from './program.ts';

const usage = `npm run cluster [-- --replicas N --port N --model NAME]

Starts gateway, moderator and both debaters, each N times (1 without --replicas), on KAFKA_BROKERS and DATABASE_URL
(the database as its owner). What is not set is started as by "npm run kafka -- up" and "npm run postgres -- up", and
left running. Logs of all processes are one stream, a line of JSON each.`;

const readyMs = 120_000;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      replicas: { type: 'string', default: '1' },
      port: { type: 'string', default: process.env.PORT || '8080' },
      model: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const replicas = Number(values.replicas);
  const port = Number(values.port);
  const isUsable = Number.isInteger(replicas) && replicas >= 1 && replicas <= 10 && Number.isInteger(port);
  if (values.help || !isUsable) {
    console.error(usage);
    return values.help ? 0 : 2;
  }
  const leaving = leaveOnSignal();
  const brokers = process.env.KAFKA_BROKERS || (await kafkaUp({ say: sayOnStderr })).brokers;
  const databaseUrl = process.env.DATABASE_URL || (await postgresUp({ say: sayOnStderr })).url;
  const cluster = await startCluster({
    brokers,
    databaseUrl,
    replicas,
    port,
    env: { PARLEY_DRAIN_MS: '0', ...passedOn(values.model) },
    onLine: (_replica, line) => console.error(line),
  });
  try {
    await Promise.race([cluster.ready(readyMs), leaving.left]);
    if (!leaving.signal.aborted) {
      for (const replica of cluster.replicas)
        console.log(`${replica.name.padEnd(14)} ${replica.url}  pid ${replica.pid}`);
      console.log(`Parley is up at ${cluster.of('gateway')[0]?.url} on ${brokers}`);
    }
    await leaving.left;
  } finally {
    await cluster.stop();
  }
  return 0;
}

/** What the services read of this environment; the rest of it is not theirs. */
function passedOn(model: string | undefined): Record<string, string> {
  const names = Object.keys(process.env).filter((name) =>
    /^(PARLEY_|OLLAMA_HOST$|OPENAI_|LOG_LEVEL$|KAFKA_|OTEL_)/.test(name),
  );
  const env = Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
  return model === undefined ? env : { ...env, PARLEY_MODEL: model };
}

await runProgram(main);
