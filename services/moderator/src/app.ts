import { topics } from '@parley/contracts';
import type { ModelClient } from '@parley/model';
import { createStreamService, type ServiceParts } from '@parley/runtime';
import type { ServiceSchema } from '@parley/spine';
import type { Router } from 'express';
import { debate } from './domain/debate.ts';
import { replay } from './domain/replay.ts';
import { articleRoutes } from './in/http.ts';
import { readMessage } from './in/topics.ts';
import { createJudge } from './out/judge.ts';
import { createJudges, type OnJudged } from './out/judges.ts';
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
  /** After every judgement. */
  readonly onJudged?: OnJudged;
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

export const moderatorSchema: ServiceSchema = { schema };

/** The only writer of a debate's state: gives the floor, records turns, measures them, stops, has it judged. */
export async function createModerator(deps: ModeratorDeps): Promise<Moderator> {
  const publish = (_event: unknown, stream: string) => ({ topic: topics.debateEvents.name, subject: stream });
  const judges = createJudges({
    ...deps,
    onJudged: deps.onJudged,
    maxTokens: deps.maxTokens ?? 600,
    budgetMs: deps.judgeBudgetMs ?? 180_000,
  });
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
    }),
    read: readMessage,
  });
  return {
    start,
    stop,
    routes: articleRoutes({
      receive: spine.receive,
      readStreams: spine.readStreams,
      latestDebate: () => latestDebate(deps.db, schema),
    }),
    unpark: spine.unpark,
  };
}
