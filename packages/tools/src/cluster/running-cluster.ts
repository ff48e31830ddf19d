import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureTopics } from '@parley/bus/kafka';
import { migrateAll, roleOf } from '@parley/cli/operating/migrate.ts';
import { ParleyError, type ServiceName, serviceNames, topics } from '@parley/contracts';
import { openPostgres } from '@parley/spine';
import { Replica } from './replica.ts';

export interface ClusterOptions {
  /** host:port, separated by commas. */
  readonly brokers: string;
  /** The database as its owner. */
  readonly databaseUrl: string;
  /** Where the services reach it, if not there: host:port of a proxy. */
  readonly databaseHost?: string;
  /** Services that are started; all of them without it. */
  readonly services?: readonly ServiceName[];
  /** Processes of each service. */
  readonly replicas: number;
  readonly replicationFactor?: number;
  /** Port of the first gateway; a free one if it is 0. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Beyond `env`, for the processes of one service. */
  readonly serviceEnv?: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>;
  readonly isKept?: boolean;
  /** Other programs than the services' own. They find the service's name in PARLEY_SERVICE. */
  readonly programs?: Readonly<Partial<Record<ServiceName, string>>>;
  /** Instead of this build's migrations at the start: another release's. */
  migrate?(databaseUrl: string, passwords: Readonly<Record<ServiceName, string>>): Promise<void>;
  onLine(replica: string, line: string): void;
}

export interface RunningCluster {
  readonly replicas: readonly Replica[];
  of(service: ServiceName): readonly Replica[];
  /**
   * @throws ParleyError BUS_UNAVAILABLE when some process is not ready in time, CONFIG_INVALID at once when some say
   * that they cannot be started as they are
   */
  ready(limitMs: number): Promise<void>;
  /** This build's migrations and rights, as the job before an upgrade makes them. */
  migrate(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Makes topics, schemas and roles, and starts every service as processes of their own. Each logs in as its own role
 * with a password of this run: a second cluster on the same database takes the first one's away.
 */
export async function startCluster(options: ClusterOptions): Promise<RunningCluster> {
  const { brokers, databaseUrl } = options;
  const serviceUrl = Object.assign(new URL(databaseUrl), options.databaseHost && { host: options.databaseHost }).href;
  await ensureTopics({ brokers: brokers.split(','), clientId: 'parley-cluster' }, Object.values(topics), {
    replicationFactor: options.replicationFactor ?? 1,
  });
  const passwords = Object.fromEntries(
    serviceNames.map((service) => [service, randomBytes(18).toString('base64url')]),
  ) as Record<ServiceName, string>;
  const migrate = async () => {
    const owner = openPostgres({ url: databaseUrl, poolSize: 1 });
    await migrateAll(owner, passwords).finally(() => owner.close());
  };
  await (options.migrate === undefined ? migrate() : options.migrate(databaseUrl, passwords));
  const replicas = (options.services ?? serviceNames).flatMap((service) =>
    Array.from({ length: options.replicas }, (_, i) => {
      const replica: Replica = new Replica({
        service,
        number: i + 1,
        isKept: options.isKept ?? true,
        env: {
          ...options.env,
          ...options.serviceEnv?.[service],
          KAFKA_BROKERS: brokers,
          DATABASE_URL: asRole(serviceUrl, roleOf(service), passwords[service]),
          PARLEY_SERVICE: service,
        },
        program: options.programs?.[service],
        ...(service === 'gateway' && i === 0 && options.port !== undefined ? { port: options.port } : {}),
        onLine: (line) => options.onLine(replica.name, line),
      });
      return replica;
    }),
  );
  for (const replica of replicas) replica.start();
  return {
    replicas,
    migrate,
    of: (service) => replicas.filter((replica) => replica.service === service),
    async ready(limitMs) {
      const end = performance.now() + limitMs;
      for (const replica of replicas) {
        while (!(await replica.isReady())) {
          const unusable = new Set(replicas.flatMap((each) => each.unusable ?? []));
          if (unusable.size > 0) throw new ParleyError('CONFIG_INVALID', [...unusable].join('\n'));
          if (performance.now() > end) {
            throw new ParleyError('BUS_UNAVAILABLE', `${replica.name} is not ready after ${limitMs} ms; see its log.`);
          }
          await wait(100);
        }
      }
    },
    stop: async () => void (await Promise.all(replicas.map((replica) => replica.stop()))),
  };
}

function asRole(url: string, role: string, password: string): string {
  return Object.assign(new URL(url), { username: role, password }).href;
}
