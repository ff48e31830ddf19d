import type { MessageBus } from '@parley/bus';
import type { Fact, Message } from '@parley/contracts';
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
import type { ServiceHooks } from './spine-metrics.ts';
import { traceSpine } from './spine-spans.ts';

/** What every service is given, in one process with the others or alone. */
export interface ServiceParts {
  /** With the service's schema migrated. */
  readonly db: Database;
  readonly bus: MessageBus;
  readonly logger: Logger;
  readonly hooks?: ServiceHooks;
  readonly failpoint?: ReachFailpoint;
  readonly spine?: Pick<SpineOptions, 'leaseMs' | 'pollMs' | 'maxRunningEffects' | 'maxStreamsPerTick'>;
}

export interface StreamServiceOptions {
  readonly service: string;
  readonly schema: string;
  /** Topics it reads, as one group of that name. */
  readonly topics: readonly string[];
  /** Topic on which it reports streams that are set aside. */
  readonly parkedTopic: string;
  readonly kinds: readonly Kind[];
  handlers(spine: Pick<Spine, 'readStreams'>): Readonly<Record<string, EffectHandler>>;
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
  const spine: Spine = createSpine({
    ...parts.spine,
    db,
    schema,
    service,
    bus,
    failpoint,
    hooks: traceSpine({ service, system: bus.system }, parts.hooks),
    parkedTopic,
    kinds,
    handlers: options.handlers({ readStreams: (streams) => spine.readStreams(streams) }),
  });
  const intake = await createIntake({
    bus,
    topics: options.topics,
    group: service,
    logger,
    failpoint,
    ...(parts.hooks === undefined ? {} : { hooks: parts.hooks }),
    read: options.read,
    receive: spine.receive,
  });
  return {
    spine,
    start: spine.start,
    async stop(graceMs) {
      await intake.stop();
      await spine.stop(graceMs);
    },
  };
}
