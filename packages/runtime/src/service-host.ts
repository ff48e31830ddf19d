import { hostname } from 'node:os';
import type { BusEvent } from '@parley/bus';
import { createKafkaBus } from '@parley/bus/kafka';
import { isParleyError, messageOf, ParleyError } from '@parley/contracts';
import {
  armFailpoint,
  checkMigrated,
  createHousekeeping,
  createWriteCheck,
  type Database,
  openPostgres,
  type ServiceSchema,
} from '@parley/spine';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { Registry } from 'prom-client';
import { consumerReadiness, createConsumerLiveness } from './consumer-health.ts';
import { measureConsumer } from './consumer-metrics.ts';
import type { HostEnv } from './env.ts';
import type { ReadyCheck } from './health.ts';
import { kafkaConnection } from './kafka-connection.ts';
import { createLogger, type Logger } from './logger.ts';
import { untraced } from './message-spans.ts';
import { measureProcess } from './process-metrics.ts';
import { thisReplica } from './replica.ts';
import { type Shutdown, shutdownSignal } from './shutdown.ts';
import { measureSpine } from './spine-metrics.ts';
import type { ServiceParts } from './stream-service.ts';
import { endTelemetry } from './telemetry-end.ts';
import { createWeb, listen } from './web.ts';

export interface HostedService {
  readonly routes?: RequestHandler;
  /** What it needs beside a database and a bus. */
  readonly ready?: Readonly<Record<string, ReadyCheck>>;
  readonly faults?: ErrorRequestHandler;
  start(): Promise<void>;
  /** Told before its server closes. */
  leave?(): Promise<void>;
  stop(graceMs?: number): Promise<void>;
}

export interface HostOptions {
  readonly service: string;
  readonly schema: ServiceSchema;
  /** Served where PORT is unset. */
  readonly port: number;
  readonly env: HostEnv;
  /** True: it is ready while brokers are away. */
  readonly worksWithoutBus?: boolean;
  readonly trustedProxies?: readonly string[] | undefined;
  create(parts: HostedParts): Promise<HostedService>;
}

export interface HostedParts extends ServiceParts {
  readonly registry: Registry;
  readonly spine: { readonly pollMs: number; readonly leaseMs?: number };
  /** Where this process serves, as it reaches itself. */
  origin(): string;
}

/** Ids of handled inputs are known for longer than the topics keep messages. */
const housekeeping = { everyMs: 60_000, dedupeHours: 8 * 24 } as const;
const drain = { httpMs: 3_000, effectsMs: 3_000, busMs: 5_000, allMs: 20_000 } as const;
const waitMs = 2_000;
/** What Postgres's NOTIFY announces needs no looking for; what it did not, because a connection broke, waits so long. */
const pollMs = 5_000;

/** One service as a process of its own, on Kafka and Postgres, until a signal. */
export async function hostService(options: HostOptions): Promise<void> {
  const { service, schema, env } = options;
  const logger = createLogger({ level: env.LOG_LEVEL ?? 'info', service });
  const shutdown = shutdownSignal();
  endOnSurprise(logger);
  const registry = new Registry();
  measureProcess(registry);
  const db = openPostgres({
    url: env.DATABASE_URL,
    poolSize: env.PARLEY_POOL_SIZE,
    onError: (thrown) => logger.warn({ err: thrown }, 'A connection to the database is lost.'),
  });
  const kafka = createKafkaBus({
    ...kafkaConnection(env, `${service}@${hostname()}/${process.pid}`),
    onEvent: (event) => report(logger, event),
  });
  const bus = { ...kafka, ...untraced(kafka) };
  const heartbeatAgeMs = () => bus.health().groups.find(({ group }) => group === service)?.heartbeatAgeMs;
  measureConsumer(registry, service, heartbeatAgeMs);
  let hosted: HostedService | undefined;
  let state: 'starting' | 'serving' | 'draining' = 'starting';
  let awaited: string | undefined;
  const ready: Record<string, ReadyCheck> = {
    accepting: async () => {
      if (state !== 'serving') throw new Error(awaited === undefined ? state : `${state}: ${awaited}`);
      return 'yes';
    },
    database: createWriteCheck({ db, schema: schema.schema }),
    bus: async () => consumerReadiness(bus.health(), options.worksWithoutBus ?? false),
  };
  const web = createWeb({
    routers: [(request, response, next) => (hosted?.routes ?? notYet)(request, response, next)],
    registry,
    logger,
    faults: (thrown, request, response, next) =>
      hosted?.faults === undefined ? next(thrown) : hosted.faults(thrown, request, response, next),
    trustedProxies: options.trustedProxies,
    alive: createConsumerLiveness({ bus, now: () => performance.now() }),
    ready,
  });
  const listening = await listen(web, options.port, env.HOST);
  logger.info({ port: listening.port, pid: process.pid }, 'listening');
  process.send?.({ listening: listening.port });
  const keeper = createHousekeeping({
    db,
    schemas: [schema.schema],
    ...housekeeping,
    onTrouble: (err) => logger.warn({ err }, 'Housekeeping failed; it comes again.'),
  });
  try {
    const isMigrated = await untilMigrated(db, schema, shutdown, (reason) => {
      awaited = reason;
      logger.warn({ reason }, 'Waiting for the database.');
    });
    awaited = undefined;
    if (isMigrated) {
      hosted = await options.create({
        db,
        bus,
        logger,
        registry,
        replica: { ...thisReplica(), heartbeatAgeMs },
        origin: () => originOf(env.HOST, listening.port),
        hooks: measureSpine(registry, service, logger),
        failpoint: armFailpoint(env.PARLEY_FAILPOINT),
        spine: {
          ...(env.PARLEY_LEASE_MS === undefined ? {} : { leaseMs: env.PARLEY_LEASE_MS }),
          pollMs: env.PARLEY_POLL_MS ?? pollMs,
        },
      });
      Object.assign(ready, hosted.ready);
      await hosted.start();
      keeper.start();
      state = 'serving';
      logger.info({}, 'ready');
      await shutdown.requested;
    }
  } finally {
    // A connection that has been idle for all of this time has reached Node's keepAliveTimeout of 5 s: by the end no
    // client can be about to send on one that is closed under it.
    const noticeMs = state === 'serving' ? env.PARLEY_DRAIN_MS : 0;
    state = 'draining';
    logger.info({}, 'draining');
    listening.leave();
    await hosted?.leave?.();
    await new Promise((resolve) => setTimeout(resolve, noticeMs));
    setTimeout(() => process.exit(1), drain.allMs).unref();
    keeper.stop();
    await listening.close(drain.httpMs);
    // What the bus does not take within its time stays in the outbox.
    const stopping = hosted?.stop(drain.effectsMs) ?? Promise.resolve();
    const cut = setTimeout(() => void bus.stop(), drain.effectsMs + drain.busMs);
    await stopping.finally(() => clearTimeout(cut));
    await bus.stop();
    await db.close();
    await endTelemetry();
    logger.info({}, 'stopped');
  }
}

/** An address that stands for all of them is no place to connect to. */
function originOf(host: string, port: number): string {
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
}

const notYet: RequestHandler = (_request, _response, next) => {
  next(new ParleyError('DATABASE_UNAVAILABLE', 'This process is starting.', { retryable: true, retryAfterMs: waitMs }));
};

/**
 * Waits for a database that is away, and for the job that migrates it: deployed together, the job may come second.
 * False when it was told to leave.
 */
async function untilMigrated(
  db: Database,
  schema: ServiceSchema,
  leaving: Shutdown,
  onWait: (reason: string) => void,
): Promise<boolean> {
  while (!leaving.signal.aborted) {
    try {
      await checkMigrated(db, schema);
      return true;
    } catch (thrown) {
      if (!isParleyError(thrown) || !(thrown.retryable || thrown.code === 'SCHEMA_BEHIND')) throw thrown;
      onWait(thrown.message);
      await Promise.race([leaving.requested, new Promise((resolve) => setTimeout(resolve, waitMs).unref())]);
    }
  }
  return false;
}

function report(logger: Logger, event: BusEvent): void {
  const { type, ...rest } = event;
  const fields = { type, ...rest, ...('thrown' in event ? { thrown: messageOf(event.thrown) } : {}) };
  if (type === 'crashed') {
    logger.error(fields, 'A consumer will never read again; this process ends to be started anew.');
    process.exit(1);
  }
  if (type === 'group-joined') logger.info(fields, 'bus');
  else if (type === 'broadcast-dropped') logger.debug(fields, 'bus');
  else logger.warn(fields, 'bus');
}

/** What nobody catches leaves a state nobody knows: the line is logged and the process started anew. */
function endOnSurprise(logger: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (thrown: unknown) => {
      logger.error({ err: thrown }, event);
      process.exit(1);
    });
  }
}
