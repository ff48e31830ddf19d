import type { MessageBus } from '@parley/bus';
import { type Fact, isParleyError, type Message, modelWait, topics } from '@parley/contracts';
import type { UnparkStreamV1 } from '@parley/contracts/spine';
import type { ModelClient } from '@parley/model';
import {
  createSpine,
  type Database,
  type EffectHandler,
  type Kind,
  type ReachFailpoint,
  type Spine,
  type SpineOptions,
} from '@parley/spine';
import { createIntake, type Reading } from './intake.ts';
import type { Logger } from './logger.ts';
import type { Replica } from './replica.ts';
import type { ServiceHooks } from './spine-metrics.ts';
import { traceSpine } from './spine-spans.ts';
import { createStatusReport } from './status-report.ts';

/** What every service is given, in one process with the others or alone. */
export interface ServiceParts {
  /** Database with the service's schema migrated. */
  readonly db: Database;
  readonly bus: MessageBus;
  readonly logger: Logger;
  readonly hooks?: ServiceHooks;
  readonly failpoint?: ReachFailpoint;
  /** This process; without it no status is reported. */
  readonly replica?: Replica | undefined;
  readonly spine?: Pick<SpineOptions, 'leaseMs' | 'pollMs' | 'maxRunningEffects' | 'maxStreamsPerTick' | 'gate'>;
}

export interface StreamServiceOptions {
  readonly service: string;
  readonly schema: string;
  /** Topics it reads, as one group of that name, beside what operators ask of its streams. */
  readonly topics: readonly string[];
  /** Topic on which it reports streams that are set aside. */
  readonly parkedTopic: string;
  readonly kinds: readonly Kind[];
  /** Model client whose recovery from an outage wakes the streams that wait for it. */
  readonly model?: Pick<ModelClient, 'onRecovered'>;
  /** Models that it asks, in order of preference. */
  readonly models?: readonly string[];
  handlers(spine: Pick<Spine, 'readStreams' | 'now'>): Readonly<Record<string, EffectHandler>>;
  read(fact: Fact, message: Message): Reading;
}

export interface StreamService {
  readonly spine: Spine;
  /** Begins to send and to execute; before it the service only listens. */
  start(): Promise<void>;
  /** Takes nothing new, lets running effects end for `graceMs`, and sends what is left as far as the bus takes it. */
  stop(graceMs?: number): Promise<void>;
}

/** A service that is processes over the spine: reads its topics, decides, has effects executed, writes its topic. */
export async function createStreamService(parts: ServiceParts, options: StreamServiceOptions): Promise<StreamService> {
  const { db, bus, logger, failpoint = () => {} } = parts;
  const { service, schema, parkedTopic, kinds } = options;
  const report =
    parts.replica &&
    createStatusReport({
      bus,
      service,
      replica: parts.replica,
      models: options.models,
      leases: () => spine.runningEffects(),
    });
  const hooks = report === undefined ? parts.hooks : report.watching(parts.hooks);
  const spine: Spine = createSpine({
    ...parts.spine,
    db,
    schema,
    service,
    bus,
    failpoint,
    hooks: traceSpine({ service, system: bus.system }, hooks),
    parkedTopic,
    kinds,
    handlers: options.handlers({ readStreams: (streams) => spine.readStreams(streams), now: () => spine.now() }),
  });
  const intake = await createIntake({
    bus,
    topics: [...options.topics, topics.streamCommands.name],
    group: service,
    logger,
    failpoint,
    ...(hooks === undefined ? {} : { hooks }),
    read: (fact, message) => (fact.type === 'unpark-stream.v1' ? unparking(fact.data) : options.read(fact, message)),
    receive: spine.receive,
  });

  options.model?.onRecovered?.(() => {
    spine
      .wake(modelWait)
      .catch((err) => logger.warn({ err }, 'Waiting streams could not be woken; they ask by themselves.'));
  });

  /** Reads a request to unpark; undefined for a stream of another service. */
  function unparking({ service: whose, stream }: UnparkStreamV1): Reading {
    if (whose !== service) return undefined;
    return {
      async handle() {
        try {
          const isKnown = await spine.unpark(stream);
          logger.info({ stream, isKnown }, 'A stream that was set aside is given another try.');
        } catch (err) {
          if (isParleyError(err) && err.retryable) throw err;
          logger.error({ err, stream }, 'A stream cannot be given another try.');
        }
      },
    };
  }

  return {
    spine,
    async start() {
      await spine.start();
      report?.start();
    },
    async stop(graceMs) {
      report?.leave();
      await intake.stop();
      await spine.stop(graceMs);
    },
  };
}
