import { fileURLToPath } from 'node:url';
import { type Database, openPostgres } from '@parley/spine';
import { kafkaDown, kafkaUp, postgresDown, postgresUp, type RunningCluster, startCluster } from '@parley/tools';
import { generator } from '../random.ts';
import { agents, debateServices } from './agents.ts';
import { type Balancer, createBalancer } from './balancer.ts';
import { type CuttingProxy, openCuttingProxy } from './cutting-proxy.ts';
import type { Release } from './release.ts';

export interface WorldOptions {
  /** Of the throw-away servers, and so of their folders. */
  readonly name: string;
  readonly seed: number;
  readonly replicas?: number;
  readonly brokers?: 1 | 3;
  /** Runs the agents without one of their promises: see `unsafe-database.ts`. */
  readonly control?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it begins with, if not this build. */
  readonly release?: Release;
  say(line: string): void;
}

/** Two or more processes of every service on a Kafka and a Postgres of their own, all of which may be killed. */
export interface World {
  readonly name: string;
  readonly cluster: RunningCluster;
  /** The services' database as its owner. */
  readonly db: Database;
  readonly brokers: readonly string[];
  readonly proxy: CuttingProxy;
  readonly balancer: Balancer;
  readonly random: () => number;
  /** Lines of the services that tell of a bug, with how often they came. */
  readonly alarms: ReadonlyMap<string, number>;
  say(line: string): void;
  close(): Promise<void>;
}

/** Short, so that a zombie is one soon. Gateways give clients time to leave: a rolling restart must not be noticed. */
export const leaseMs = 2_000;
const env = {
  PARLEY_MODEL: 'rehearsal',
  PARLEY_REHEARSAL_LATENCY_MS: '75',
  PARLEY_LEASE_MS: String(leaseMs),
  PARLEY_POLL_MS: '250',
  PARLEY_DRAIN_MS: '0',
};
const startMs = 180_000;
const unsafe = fileURLToPath(new URL('../unsafe-service.ts', import.meta.url));

export async function openWorld(options: WorldOptions): Promise<World> {
  const { name, say } = options;
  const undo: (() => unknown)[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    undo.push(() => postgresDown({ name, isPurged: true }));
    const { url, port } = await postgresUp({ name, isFast: true });
    undo.push(() => kafkaDown({ name, isPurged: true }));
    const kafka = await kafkaUp({ name, ...(options.brokers && { brokers: options.brokers }) });
    const proxy = await openCuttingProxy({ host: '127.0.0.1', port });
    undo.push(proxy.close);
    const alarms = new Map<string, number>();
    const cluster = await startCluster({
      brokers: kafka.brokers,
      databaseUrl: url,
      databaseHost: proxy.host,
      services: debateServices,
      replicas: options.replicas ?? 2,
      replicationFactor: kafka.nodes.length,
      env: { ...env, ...options.env, ...(options.control && { PARLEY_CONTROL: options.control }) },
      serviceEnv: { gateway: { PARLEY_DRAIN_MS: '5000' } },
      ...(options.release && { programs: options.release.programs, migrate: options.release.migrate }),
      ...(options.control && { programs: Object.fromEntries(agents.map((service) => [service, unsafe])) }),
      onLine(replica, line) {
        const alarm = alarmOf(line);
        if (alarm === undefined) return;
        alarms.set(alarm, (alarms.get(alarm) ?? 0) + 1);
        say(`${replica}: ${line.slice(0, 600)}`);
      },
    });
    undo.push(cluster.stop);
    await cluster.ready(startMs);
    const db = openPostgres({ url, poolSize: 4 });
    undo.push(db.close);
    const balancer = createBalancer(cluster.of('gateway'));
    undo.push(balancer.close);
    const brokers = kafka.brokers.split(',');
    return { name, cluster, db, brokers, proxy, balancer, random: generator(options.seed), alarms, say, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Errors but for the dead letters, and whatever is no log line at all. */
function alarmOf(line: string): string | undefined {
  try {
    const { level, service, msg } = JSON.parse(line) as { level: string; service: string; msg: string };
    return level === 'error' && msg !== 'A message is dead-lettered.' ? `${service}: ${msg}` : undefined;
  } catch {
    return line.trim() === '' ? undefined : 'not JSON';
  }
}
