import type { MessageBus } from '@parley/bus';
import { topics } from '@parley/contracts';
import type { ModelClient } from '@parley/model';
import { createIntake, type Logger, type ServiceHooks, traceSpine } from '@parley/runtime';
import { createSpine, type Database, migrate, type ReachFailpoint, type SpineOptions } from '@parley/spine';
import type { Router } from 'express';
import { debate } from './domain/debate.ts';
import { articleRoutes } from './in/http.ts';
import { readMessage } from './in/topics.ts';
import { createJudge } from './out/judge.ts';
import { latestDebate } from './store/latest-debate.ts';

export interface ModeratorDeps {
  readonly db: Database;
  readonly bus: MessageBus;
  readonly model: ModelClient;
  /** Models of the judge, in order of preference. */
  readonly models: readonly string[];
  readonly logger: Logger;
  readonly hooks?: ServiceHooks;
  readonly failpoint?: ReachFailpoint;
  readonly contextTokens: number;
  readonly maxTokens: number;
  readonly judgeBudgetMs: number;
  readonly spine?: Pick<SpineOptions, 'leaseMs' | 'pollMs' | 'maxRunningEffects' | 'maxStreamsPerTick'>;
}

export interface Moderator {
  readonly routes: Router;
  /** Begins to send and to execute; before it the service only listens. */
  start(): Promise<void>;
  unpark(stream: string): Promise<void>;
  stop(graceMs?: number): Promise<void>;
}

const service = 'moderator';
const schema = 'moderator';

/** The only writer of a debate's state: gives the floor, records turns, measures them, stops, has it judged. */
export async function createModerator(deps: ModeratorDeps): Promise<Moderator> {
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
    parkedTopic: topics.debateEvents.name,
    kinds: [{ process: debate, publish: (_event, stream) => ({ topic: topics.debateEvents.name, subject: stream }) }],
    handlers: {
      judge: createJudge({
        ...deps,
        budgetMs: deps.judgeBudgetMs,
        readStreams: (streams) => spine.readStreams(streams),
      }),
    },
  });
  const intake = await createIntake({
    bus,
    topics: [topics.debateCommands.name, topics.debaterEvents.name],
    group: service,
    logger: deps.logger,
    failpoint,
    ...(deps.hooks === undefined ? {} : { hooks: deps.hooks }),
    read: readMessage,
    receive: spine.receive,
  });
  return {
    start: spine.start,
    routes: articleRoutes({
      receive: spine.receive,
      readStreams: spine.readStreams,
      latestDebate: () => latestDebate(db, schema),
    }),
    unpark: spine.unpark,
    async stop(graceMs) {
      await intake.stop();
      await spine.stop(graceMs);
    },
  };
}
