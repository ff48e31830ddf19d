import type { MessageBus } from '@parley/bus';
import { type Side, topics } from '@parley/contracts';
import type { ModelClient } from '@parley/model';
import { createIntake, type Logger, type ServiceHooks, traceSpine } from '@parley/runtime';
import { createSpine, type Database, migrate, type ReachFailpoint, type SpineOptions } from '@parley/spine';
import { type TurnEvent, turn } from './domain/turn.ts';
import { readDebateFact } from './in/topics.ts';
import { createThink } from './out/think.ts';

export interface DebaterDeps {
  readonly side: Side;
  readonly db: Database;
  readonly bus: MessageBus;
  readonly model: ModelClient;
  readonly models: readonly string[];
  readonly logger: Logger;
  readonly hooks?: ServiceHooks;
  readonly failpoint?: ReachFailpoint;
  readonly contextTokens: number;
  readonly maxTokens: number;
  readonly turnBudgetMs: number;
  readonly spine?: Pick<SpineOptions, 'leaseMs' | 'pollMs' | 'maxRunningEffects' | 'maxStreamsPerTick'>;
}

export const debaterOf = {
  pro: { service: 'debater-a', schema: 'debater_a' },
  con: { service: 'debater-b', schema: 'debater_b' },
} as const;

const told = new Set<TurnEvent['type']>(['turn-replied.v1', 'turn-failed.v1']);

export interface Debater {
  /** Begins to send and to execute; before it the service only listens. */
  start(): Promise<void>;
  stop(graceMs?: number): Promise<void>;
}

/** One side's debater: answers when it has the floor, and does nothing else. */
export async function createDebater(deps: DebaterDeps): Promise<Debater> {
  const { service, schema } = debaterOf[deps.side];
  const { db, bus, failpoint = () => {} } = deps;
  await migrate(db, { schema });
  const spine = createSpine({
    ...deps.spine,
    db,
    schema,
    service,
    bus,
    failpoint,
    hooks: traceSpine({ service, system: bus.system }, deps.hooks),
    parkedTopic: topics.debaterEvents.name,
    kinds: [
      {
        process: turn,
        publish: (event: TurnEvent, stream) =>
          told.has(event.type)
            ? { topic: topics.debaterEvents.name, subject: stream.slice(0, stream.indexOf('/')) }
            : undefined,
      },
    ],
    handlers: {
      think: createThink({
        ...deps,
        service,
        failpoint,
        budgetMs: deps.turnBudgetMs,
        readStreams: (streams) => spine.readStreams(streams),
      }),
    },
  });
  const intake = await createIntake({
    bus,
    topics: [topics.debateEvents.name],
    group: service,
    logger: deps.logger,
    failpoint,
    ...(deps.hooks === undefined ? {} : { hooks: deps.hooks }),
    read: (fact, message) => readDebateFact(fact, message, deps.side),
    receive: spine.receive,
  });
  return {
    start: spine.start,
    async stop(graceMs) {
      await intake.stop();
      await spine.stop(graceMs);
    },
  };
}
