import { topics } from '@parley/contracts';
import type { Side } from '@parley/contracts/debate';
import type { ModelClient } from '@parley/model';
import { createStreamService, type PromptMeter, type ServiceParts } from '@parley/runtime';
import { turn } from './domain/turn.ts';
import { readDebateFact } from './in/topics.ts';
import { announceTurn } from './out/announce.ts';
import { createDeclare } from './out/declare-later.ts';
import { createThink } from './out/think.ts';
import { debaterOf } from './schema.ts';

export { debaterOf } from './schema.ts';

export interface DebaterDeps extends ServiceParts {
  readonly side: Side;
  readonly model: ModelClient;
  readonly models: readonly string[];
  readonly contextTokens: number;
  /** Most tokens of a turn. */
  readonly maxTokens?: number;
  readonly turnBudgetMs?: number;
  readonly onPrompt?: PromptMeter;
}

export interface Debater {
  /** Begins to send and to execute; before it the service only listens. */
  start(): Promise<void>;
  stop(graceMs?: number): Promise<void>;
}

/** One side's debater: answers when it has the floor, and does nothing else. */
export function createDebater(deps: DebaterDeps): Promise<Debater> {
  const { service, schema } = debaterOf[deps.side];
  return createStreamService(deps, {
    service,
    schema,
    topics: [topics.debateEvents.name],
    parkedTopic: topics.debaterEvents.name,
    model: deps.model,
    models: deps.models,
    kinds: [
      {
        decider: turn,
        publish: announceTurn,
      },
    ],
    handlers: ({ readStreams, now }) => {
      const thinking = {
        ...deps,
        service,
        failpoint: deps.failpoint ?? (() => {}),
        maxTokens: deps.maxTokens ?? 400,
        budgetMs: deps.turnBudgetMs ?? 180_000,
        readStreams,
        now,
      };
      return { think: createThink(thinking), declare: createDeclare(thinking) };
    },
    read: (fact, message) => readDebateFact(fact, message, deps.side),
  });
}
