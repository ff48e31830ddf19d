import { audienceOf, topics } from '@parley/contracts';
import { type Checks, samplerAgent } from '@parley/contracts/debate';
import type { ModelClient } from '@parley/model';
import { createIntake, createStreamService, type ServiceParts } from '@parley/runtime';
import { type AccuracyEvent, createAccuracy } from './domain/accuracy.ts';
import type { CosineByScript } from './domain/cosine-threshold.ts';
import { type DebateEvent, debate } from './domain/debate.ts';
import { type ReplayEvent, replay } from './domain/replay.ts';
import { readSample, type Sampling } from './in/sampling.ts';
import { readMessage } from './in/topics.ts';
import { endOf, type TurnMetrics } from './metrics.ts';
import { announce, announceChecked } from './out/announce.ts';
import { createAssess } from './out/assess.ts';
import { createCheck } from './out/check.ts';
import { createJudge } from './out/judge.ts';
import { createJudges } from './out/judges.ts';
import { createReplay } from './out/replay.ts';
import { moderatorSchema } from './schema.ts';
import { createReadRecent } from './store/recent-turns.ts';

export { measureTurns } from './metrics.ts';
export { moderatorSchema } from './schema.ts';

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
  /** Cosines from which a turn is stale, instead of the embedding model's calibrated ones. */
  readonly redundancyCosine?: CosineByScript | undefined;
  readonly metrics?: TurnMetrics;
  /** What of finished turns and verdicts is looked at again; nothing without it. */
  readonly sampling?: Sampling | undefined;
}

export interface Moderator {
  /** Begins to send and to execute; before it the service only listens. */
  start(): Promise<void>;
  stop(graceMs?: number): Promise<void>;
}

const service = 'moderator';
const { schema } = moderatorSchema;

/** A turn waits for it, so it is given less time than the judge. */
const assessing = { maxTokens: 700, budgetMs: 60_000 } as const;

/** Nobody waits for it. */
const checking = { maxTokens: 700, budgetMs: 600_000 } as const;

/** The only writer of a debate's state: gives the floor, records turns, measures them, stops, has it judged. */
export async function createModerator(deps: ModeratorDeps): Promise<Moderator> {
  const defaults: Checks = deps.embedModel === undefined ? {} : { embedding: true };
  const judging = { ...deps, maxTokens: deps.maxTokens ?? 600 };
  const judges = createJudges({ ...judging, budgetMs: deps.judgeBudgetMs ?? 180_000 });
  const patientJudges = createJudges({ ...judging, budgetMs: checking.budgetMs });
  function measure(event: DebateEvent | ReplayEvent): void {
    if (event.type === 'turn-recorded.v1') deps.metrics?.onTurn(event.data, deps.models);
    if (event.type === 'verdict-given.v1') deps.metrics?.onVerdict(event.data, deps.models);
    if (event.type === 'model-waiting.v1') deps.metrics?.onWaiting(event.data.awaits);
  }
  const publish = (event: DebateEvent | ReplayEvent, stream: string, _before: unknown, tenant: string) => {
    const audience = audienceOf(tenant);
    const outcome = endOf(event);
    if (outcome !== undefined) deps.metrics?.onEnded(outcome, audience);
    if (audience === 'product') measure(event);
    return announce(event, stream);
  };
  const publishChecked = (event: AccuracyEvent, stream: string) => {
    if (event.type === 'accuracy-checked.v1')
      for (const { check, isGood } of event.data.results) deps.metrics?.onAccuracy(check, isGood);
    return announceChecked(event, stream);
  };
  const { sampling } = deps;
  const { spine, start, stop } = await createStreamService(deps, {
    service,
    schema,
    topics: [topics.debateCommands.name, topics.debaterEvents.name],
    parkedTopic: topics.debateEvents.name,
    model: deps.model,
    models: deps.models,
    kinds: [
      { decider: debate, publish },
      { decider: replay, publish },
      { decider: createAccuracy(sampling?.tokensPerDay ?? 0), publish: publishChecked },
    ],
    handlers: ({ readStreams, now }) => ({
      judge: createJudge(judges, { readStreams, now }),
      replay: createReplay(judges, { readStreams, now }),
      check: createCheck({ ...deps, ...checking, readStreams, judges: patientJudges }),
      assess: createAssess({
        ...deps,
        ...assessing,
        now,
        readRecent: createReadRecent(deps.db, schema),
        ...(deps.metrics === undefined ? {} : { onSkipped: deps.metrics.onSkipped }),
      }),
    }),
    read: (fact, message) => readMessage(fact, message, defaults),
  });
  // A group of its own: what is wrong with a sample holds up no debate.
  const samples =
    sampling &&
    (await createIntake({
      ...deps,
      topics: [topics.debateEvents.name],
      group: samplerAgent,
      read: (fact, message) => readSample(fact, message, sampling),
      receive: spine.receive,
    }));
  return {
    start,
    async stop(graceMs) {
      await samples?.stop();
      await stop(graceMs);
    },
  };
}
