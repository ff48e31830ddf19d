import { hostname } from 'node:os';
import type { BusEvent } from '@parley/bus';
import { createKafkaBus } from '@parley/bus/kafka';
import { isParleyError, messageOf } from '@parley/contracts';
import { armFailpoint, checkMigrated, type Database, openPostgres, type ServiceSchema } from '@parley/spine';
import { Registry } from 'prom-client';
import type { z } from 'zod';
import { openAgentModel } from './agent-model.ts';
import { type Env, readEnv } from './config.ts';
import { consumerReadiness, createConsumerLiveness } from './consumer-health.ts';
import { measureConsumer } from './consumer-metrics.ts';
import { type HostEnv, isAgentEnv, spineSettings } from './env.ts';
import { createHosting, drain, waitMs } from './hosting.ts';
import { kafkaConnection } from './kafka-connection.ts';
import { createLogger, type Logger } from './logger.ts';
import { untraced } from './message-spans.ts';
import { measureProcess } from './process-metrics.ts';
import { thisReplica } from './replica.ts';
import type { ServiceModule } from './service-module.ts';
import { type Shutdown, shutdownSignal } from './shutdown.ts';
import { measureSpine } from './spine-metrics.ts';
import { endTelemetry } from './telemetry-end.ts';

const limits = { busMs: 5_000, endMs: 20_000 } as const;
/** Longest wait of work that Postgres's NOTIFY did not announce, because a connection broke. */
const pollMs = 5_000;

/**
 * One service as a process of its own, on Kafka and Postgres, until a signal.
 * @throws ParleyError CONFIG_INVALID, PORT_IN_USE
 */
export async function hostService<E extends z.ZodObject & z.ZodType<HostEnv>, Own extends z.ZodObject>(
  module: ServiceModule<E, Own>,
  environment: Env,
): Promise<void> {
  const { name: service, schema } = module;
  const alone = readEnv(module.env, environment);
  const env: HostEnv = alone;
  const configured = await module.configure(readEnv(module.ownEnv, environment), alone);
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
  const hosting = createHosting({
    db,
    schemas: [schema.schema],
    services: [configured],
    registry,
    logger,
    alive: createConsumerLiveness({ bus, now: () => performance.now() }),
    ready: { bus: async () => consumerReadiness(bus.health(), module.worksWithoutBus ?? false) },
  });
  const port = await hosting.listen(env.PORT ?? module.port, env.HOST);
  logger.info({ port, pid: process.pid }, 'listening');
  process.send?.({ listening: port });
  let isServing = false;
  try {
    const isMigrated = await untilMigrated(db, schema, shutdown, (reason) => {
      hosting.waitFor(reason);
      logger.warn({ reason }, 'Waiting for the database.');
    });
    hosting.waitFor(undefined);
    if (isMigrated) {
      const hosted = await configured.create({
        db,
        bus,
        logger,
        registry,
        replica: { ...thisReplica(), heartbeatAgeMs },
        origin: () => originOf(env.HOST, port),
        hooks: measureSpine(registry, service, logger),
        failpoint: armFailpoint(env.PARLEY_FAILPOINT),
        spine: spineSettings(env, pollMs),
        async agent() {
          if (!isAgentEnv(env)) throw new Error(`${service} asks models: its env must extend agentEnv.`);
          const { modelReady, ...agent } = await openAgentModel(env, { registry, logger });
          hosting.watch('model', modelReady);
          return agent;
        },
      });
      hosting.serve([hosted]);
      await hosting.start();
      isServing = true;
      logger.info({}, 'ready');
      await shutdown.requested;
    }
  } finally {
    logger.info({}, 'draining');
    // A connection that has been idle for all of this time has reached Node's keepAliveTimeout of 5 s: by the end no
    // client can be about to send on one that is closed under it.
    await hosting.leave(isServing ? env.PARLEY_DRAIN_MS : 0);
    setTimeout(() => process.exit(1), limits.endMs).unref();
    await hosting.close();
    // What the bus does not take within its time stays in the outbox.
    const cut = setTimeout(() => void bus.stop(), drain.effectsMs + limits.busMs);
    await hosting.stop().finally(() => clearTimeout(cut));
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
