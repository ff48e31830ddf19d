// Every service as processes of their own on real Kafka and Postgres: `npm run cluster`.
import { parseArgs } from 'node:util';
import { shutdownSignal } from '@parley/runtime';
import { clusterProblems } from './cluster/cluster-problems.ts';
import { startCluster } from './cluster/running-cluster.ts';
import { kafka } from './kafka/cluster.ts';
import { postgres } from './postgres/cluster.ts';
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
  if (values.help) {
    console.error(usage);
    return 0;
  }
  const env = { PARLEY_DRAIN_MS: '0', ...passedOn(values.model) };
  const replicas = numberOf(values.replicas, 1, 10);
  const port = numberOf(values.port, 0, 65_535);
  const problems = [
    ...(replicas === undefined ? [`--replicas is "${values.replicas}", expected 1 to 10.`] : []),
    ...(port === undefined ? [`The port is "${values.port}", expected 0 to 65535; it is --port or PORT.`] : []),
    ...(await clusterProblems({
      env: { ...env, DATABASE_URL: process.env.DATABASE_URL, KAFKA_BROKERS: process.env.KAFKA_BROKERS },
      port: port ?? 0,
    })),
  ];
  if (problems.length > 0 || replicas === undefined || port === undefined) {
    for (const problem of problems) console.error(problem);
    return 2;
  }
  const shutdown = shutdownSignal();
  const brokers = process.env.KAFKA_BROKERS || (await kafka.up({ say: sayOnStderr })).brokers;
  const databaseUrl = process.env.DATABASE_URL || (await postgres.up({ say: sayOnStderr })).url;
  const cluster = await startCluster({
    brokers,
    databaseUrl,
    replicas,
    port,
    env,
    onLine: (_replica, line) => console.error(line),
  });
  try {
    await Promise.race([cluster.ready(readyMs), shutdown.requested]);
    if (!shutdown.signal.aborted) {
      for (const replica of cluster.replicas)
        console.log(`${replica.name.padEnd(14)} ${replica.url}  pid ${replica.pid}`);
      console.log(`Parley is up at ${cluster.of('gateway')[0]?.url} on ${brokers}`);
    }
    await shutdown.requested;
  } finally {
    await cluster.stop();
  }
  return 0;
}

/** The whole number that a flag holds; undefined when it is none of that range. */
function numberOf(text: string, least: number, most: number): number | undefined {
  return /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined;
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
