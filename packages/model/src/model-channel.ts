import { ConstantBackoff, handleWhen, retry } from 'cockatiel';
import {
  type AroundEmbedding,
  type AroundRequest,
  AttemptFailure,
  failureOf,
  type Life,
  type Publication,
  parleyErrorOf,
  runAttempt,
} from './attempt.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import type { Budget } from './budget.ts';
import type { OnModelEvent } from './event.ts';
import type { FairQueue } from './fair-queue.ts';
import type { ChatRequest, ChatResult, EmbedRequest, EmbedResult, Model, Purpose } from './model.ts';
import { pause } from './pause.ts';
import { type PolicyOptions, retryDelayMs } from './policy.ts';
import { createServerRest } from './server-rest.ts';
import { attemptLimitMs } from './watchdog.ts';

interface Call {
  readonly budget: Budget;
  readonly fairKey: string;
  readonly isBackground?: boolean | undefined;
  /** Models that could still be asked after this one. */
  readonly modelsLeft?: number | undefined;
  readonly publication: Publication;
}

export interface ChannelCall extends Call {
  /** Request whose `onText` writes into `publication`. */
  readonly request: ChatRequest;
  readonly aroundRequest?: AroundRequest | undefined;
}

export interface EmbedChannelCall extends Omit<Call, 'publication'> {
  readonly request: EmbedRequest;
  readonly aroundRequest?: AroundEmbedding | undefined;
}

/** A request through the lane, whatever it asks for. */
interface Asked<T> extends Call {
  readonly kind: Purpose['kind'] | 'embedding';
  /** Makes attempt `number`; 0 is the first. */
  ask(number: number, life: Life): Promise<T>;
}

interface Got<T> {
  readonly result: T;
  readonly attempts: number;
  readonly queueMs: number;
}

/** The way to one model, with everything that is remembered about it. */
export interface ModelChannel {
  readonly breaker: Breaker;
  chat(call: ChannelCall): Promise<ChatResult>;
  embed(call: EmbedChannelCall): Promise<EmbedResult>;
}

export interface ModelChannelDeps {
  /** The name in the call's list. */
  readonly name: string;
  readonly model: Model;
  readonly queue: FairQueue;
  readonly policy: PolicyOptions;
  readonly onEvent: OnModelEvent;
  readonly now: () => number;
  readonly random: () => number;
}

/** Concurrency place, then breaker, then retries, then the watch over each attempt. The budget is the caller's. */
export function createModelChannel({
  name,
  model,
  queue,
  policy,
  onEvent,
  now,
  random,
}: ModelChannelDeps): ModelChannel {
  const ofModel = { model: name, provider: model.provider };
  let lastUsedAt: number | undefined;
  const rest = createServerRest(name, now);
  const breaker = createBreaker({
    failures: policy.breakerFailures,
    openMs: policy.breakerOpenMs,
    maxOpenMs: policy.breakerMaxOpenMs,
    isCounted: (thrown) => failureOf(thrown)?.flags.isTrouble ?? false,
    isInconclusive: (thrown) => failureOf(thrown)?.flags.isGivenUp ?? true,
    onState: (state) => onEvent({ type: breakerEvents[state], ...ofModel }),
  });
  // The wait between attempts is our own: cockatiel's cannot be aborted and would outlive the call.
  const retrying = retry(
    handleWhen((thrown) => failureOf(thrown)?.flags.isRetried ?? false),
    { maxAttempts: policy.maxRetries, backoff: new ConstantBackoff(0) },
  );

  async function placeIn(call: Call): Promise<number> {
    if (queue.take()) return 0;
    const askedAt = now();
    await queue.wait(call.fairKey, call.budget.signal, call.isBackground);
    const waitMs = now() - askedAt;
    onEvent({ type: 'queued', waitMs, ...ofModel });
    return waitMs;
  }

  async function attempt<T>({ kind, ask, budget, modelsLeft = 0, publication }: Asked<T>, number: number): Promise<T> {
    const isCold = lastUsedAt === undefined || now() - lastUsedAt > policy.warmForMs;
    const result = await runAttempt({
      name,
      provider: model.provider,
      ask: (life) => ask(number, life),
      budget,
      publication,
      limits: {
        firstTokenMs: isCold ? policy.coldFirstTokenMs : policy.warmFirstTokenMs,
        stallMs: policy.stallMs,
        totalMs: attemptLimitMs(budget.remainingMs(), modelsLeft),
      },
      now,
      onEvent,
      onBegun(afterMs) {
        lastUsedAt = now();
        onEvent({ type: 'first-token', kind, afterMs, isCold, ...ofModel });
      },
    });
    lastUsedAt = now();
    return result;
  }

  async function waitToRetry(call: Call, number: number, last: AttemptFailure): Promise<void> {
    const delayMs = retryDelayMs(number, policy, last.error, random);
    // A probe asks once. A caller that can wait longer than this does so without holding a place.
    const isTooLong = delayMs > policy.retryCapMs || delayMs >= call.budget.remainingMs();
    if (isTooLong || breaker.state === 'half-open')
      throw new AttemptFailure(last.error, { ...last.flags, isRetried: false });
    onEvent({ type: 'retrying', code: last.error.code, attempt: number, delayMs, ...ofModel });
    await pause(delayMs, call.budget.signal);
  }

  async function attempts<T>(asked: Asked<T>): Promise<{ result: T; attempts: number }> {
    let last: AttemptFailure | undefined;
    return retrying.execute(async ({ attempt: number }) => {
      if (last !== undefined) await waitToRetry(asked, number, last);
      try {
        return { result: await attempt(asked, number), attempts: number + 1 };
      } catch (thrown) {
        last = failureOf(thrown);
        if (last !== undefined) rest.heed(last.error);
        throw thrown;
      }
    }, asked.budget.signal);
  }

  async function through<T>(asked: Asked<T>): Promise<Got<T>> {
    try {
      rest.check();
      breaker.check(name);
      const queueMs = await placeIn(asked);
      try {
        rest.check();
        breaker.check(name);
        return { ...(await breaker.run(() => attempts(asked))), queueMs };
      } finally {
        queue.release();
      }
    } catch (thrown) {
      const error = asked.budget.failure() ?? failureOf(thrown)?.error ?? parleyErrorOf(thrown, name);
      onEvent({ type: 'failed', kind: asked.kind, code: error.code, ...ofModel });
      throw error;
    }
  }

  return {
    breaker,
    async chat({ request, aroundRequest: around, ...call }) {
      const { purpose, maxTokens } = request;
      const start = { provider: model.provider, model: request.model, maxTokens };
      const ask = (number: number, { signal, onProgress }: Life) => {
        const onText = (text: string) => {
          onProgress();
          request.onText?.(text);
        };
        const nth = number === 0 ? purpose : { ...purpose, attempt: (purpose.attempt ?? 1) + number };
        const run = () => model.chat({ ...request, purpose: nth, signal, onProgress, onText });
        return around ? around(start, run) : run();
      };
      const got = await through({ ...call, kind: purpose.kind, ask });
      onEvent({ type: 'answered', kind: purpose.kind, ...got, ...ofModel });
      return got.result;
    },
    async embed({ request, aroundRequest: around, ...call }) {
      const start = { provider: model.provider, model: request.model, inputs: request.inputs.length };
      const ask = (_: number, { signal }: Life) => {
        const run = () => model.embed({ ...request, signal });
        return around ? around(start, run) : run();
      };
      const { result, ...how } = await through({ ...call, publication: { hasText: false }, kind: 'embedding', ask });
      const { inputTokens, totalMs } = result;
      // Without the vectors: events are logged.
      const counts = { inputs: start.inputs, inputTokens, outputTokens: 0, totalMs };
      onEvent({ type: 'embedded', ...how, result: counts, ...ofModel });
      return result;
    },
  };
}

const breakerEvents = {
  open: 'breaker-opened',
  'half-open': 'breaker-half-opened',
  closed: 'breaker-closed',
} as const;
