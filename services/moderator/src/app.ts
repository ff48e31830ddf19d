import { audienceOf, type Checks, topics } from '@parley/contracts';
import type { ModelClient } from '@parley/model';
import { createStreamService, type ServiceParts } from '@parley/runtime';
import type { ServiceSchema } from '@parley/spine';
import type { Router } from 'express';
import { type DebateEvent, debate } from './domain/debate.ts';
import { type ReplayEvent, replay } from './domain/replay.ts';
import { articleRoutes } from './in/http.ts';
import { readMessage } from './in/topics.ts';
import { endOf, type TurnMetrics } from './metrics.ts';
import { announce } from './out/announce.ts';
import { createAssess } from './out/assess.ts';
import { createJudge } from './out/judge.ts';
import { createJudges } from './out/judges.ts';
import { createReplay } from './out/replay.ts';
import { latestDebate } from './store/latest-debate.ts';

export interface ModeratorDeps extends ServiceParts {
  readonly model: ModelClient;
  /** Models of the judge, in order of preference. */
  readonly models: readonly string[];
  readonly contextTokens: number;
  /** Most tokens of a verdict. */
  readonly maxTokens?: number;
  readonly judgeBudgetMs?: number;
  /** Compares the meaning of turns; without one that check is skipped. */
  readonly embedModel?: string | undefined;
  /** Cosine from which a turn is stale, instead of the embedding model's calibrated one. */
  readonly redundancyCosine?: number | undefined;
  readonly metrics?: TurnMetrics;
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

/** A turn waits for it, so it is given less time than the judge. */
const assessing = { maxTokens: 700, budgetMs: 60_000 } as const;

export const moderatorSchema: ServiceSchema = { schema };

/** The only writer of a debate's state: gives the floor, records turns, measures them, stops, has it judged. */
export async function createModerator(deps: ModeratorDeps): Promise<Moderator> {
  const defaults: Checks = deps.embedModel === undefined ? {} : { embedding: true };
  const judges = createJudges({
    ...deps,
    maxTokens: deps.maxTokens ?? 600,
    budgetMs: deps.judgeBudgetMs ?? 180_000,
  });
  function measure(event: DebateEvent | ReplayEvent): void {
    if (event.type === 'turn-recorded.v1') deps.metrics?.onTurn(event.data, deps.models);
    if (event.type === 'verdict-given.v1') deps.metrics?.onVerdict(event.data, deps.models);
  }
  const publish = (event: DebateEvent | ReplayEvent, stream: string, _before: unknown, tenant: string) => {
    const audience = audienceOf(tenant);
    const outcome = endOf(event);
    if (outcome !== undefined) deps.metrics?.onEnded(outcome, audience);
    if (audience === 'product') measure(event);
    return announce(event, stream);
  };
  const { spine, start, stop } = await createStreamService(deps, {
    service,
    schema,
    topics: [topics.debateCommands.name, topics.debaterEvents.name],
    parkedTopic: topics.debateEvents.name,
    kinds: [
      { process: debate, publish },
      { process: replay, publish },
    ],
    handlers: ({ readStreams }) => ({
      judge: createJudge(judges, readStreams),
      replay: createReplay(judges, readStreams),
      assess: createAssess({
        ...deps,
        ...assessing,
        readStreams,
        ...(deps.metrics === undefined ? {} : { onSkipped: deps.metrics.onSkipped }),
      }),
    }),
    read: (fact, message) => readMessage(fact, message, defaults),
  });
  return {
    start,
    stop,
    routes: articleRoutes({
      defaults,
      receive: spine.receive,
      readStreams: spine.readStreams,
      latestDebate: () => latestDebate(deps.db, schema),
    }),
    unpark: spine.unpark,
  };
}
