import { ConstantBackoff, handleWhen, retry } from 'cockatiel';
import {
  type AroundRequest,
  AttemptFailure,
  failureOf,
  type Publication,
  parleyErrorOf,
  runAttempt,
} from './attempt.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import type { Budget } from './budget.ts';
import type { OnModelEvent } from './event.ts';
import type { FairQueue } from './fair-queue.ts';
import type { ChatRequest, ChatResult, Model } from './model.ts';
import { pause } from './pause.ts';
import { type PolicyOptions, retryDelayMs } from './policy.ts';

export interface LaneCall {
  /** Its signal is the budget's; its `onText` writes into `publication`. */
  readonly request: ChatRequest;
  readonly budget: Budget;
  readonly fairKey: string;
  readonly publication: Publication;
  readonly aroundRequest?: AroundRequest | undefined;
}

/** The way to one model, with everything that is remembered about it. */
export interface Lane {
  readonly breaker: Breaker;
  chat(call: LaneCall): Promise<ChatResult>;
}

export interface LaneDeps {
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
export function createLane({ name, model, queue, policy, onEvent, now, random }: LaneDeps): Lane {
  const ofModel = { model: name, provider: model.provider };
  let lastUsedAt: number | undefined;
  const breaker = createBreaker({
    failures: policy.breakerFailures,
    openMs: policy.breakerOpenMs,
    isCounted: (thrown) => failureOf(thrown)?.flags.isTrouble ?? false,
    isInconclusive: (thrown) => failureOf(thrown)?.flags.isGivenUp ?? true,
    onState: (state) => onEvent({ type: breakerEvents[state], ...ofModel }),
  });
  // The wait between attempts is our own: cockatiel's cannot be aborted and would outlive the call.
  const retrying = retry(
    handleWhen((thrown) => failureOf(thrown)?.flags.isRetried ?? false),
    { maxAttempts: policy.maxRetries, backoff: new ConstantBackoff(0) },
  );

  async function placeIn(call: LaneCall): Promise<number> {
    if (queue.take()) return 0;
    const askedAt = now();
    await queue.wait(call.fairKey, call.budget.signal);
    const waitMs = now() - askedAt;
    onEvent({ type: 'queued', waitMs, ...ofModel });
    return waitMs;
  }

  async function attempt(
    { request, budget, publication, aroundRequest }: LaneCall,
    number: number,
  ): Promise<ChatResult> {
    const { purpose } = request;
    const isCold = lastUsedAt === undefined || now() - lastUsedAt > policy.warmForMs;
    const result = await runAttempt({
      name,
      model,
      request:
        number === 0 ? request : { ...request, purpose: { ...purpose, attempt: (purpose.attempt ?? 1) + number } },
      budget,
      publication,
      limits: { firstTokenMs: isCold ? policy.coldFirstTokenMs : policy.warmFirstTokenMs, stallMs: policy.stallMs },
      now,
      onEvent,
      aroundRequest,
      onBegun(afterMs) {
        lastUsedAt = now();
        onEvent({ type: 'first-token', kind: purpose.kind, afterMs, isCold, ...ofModel });
      },
    });
    lastUsedAt = now();
    return result;
  }

  async function waitToRetry(call: LaneCall, number: number, last: AttemptFailure): Promise<void> {
    const delayMs = retryDelayMs(number, policy, last.error, random);
    if (delayMs >= call.budget.remainingMs()) throw new AttemptFailure(last.error, { ...last.flags, isRetried: false });
    onEvent({ type: 'retrying', code: last.error.code, attempt: number, delayMs, ...ofModel });
    await pause(delayMs, call.budget.signal);
  }

  async function attempts(call: LaneCall): Promise<{ result: ChatResult; count: number }> {
    let last: AttemptFailure | undefined;
    return retrying.execute(async ({ attempt: number }) => {
      if (last !== undefined) await waitToRetry(call, number, last);
      try {
        return { result: await attempt(call, number), count: number + 1 };
      } catch (thrown) {
        last = failureOf(thrown);
        throw thrown;
      }
    }, call.budget.signal);
  }

  return {
    breaker,
    async chat(call) {
      const { kind } = call.request.purpose;
      try {
        breaker.check(name);
        const queueMs = await placeIn(call);
        try {
          breaker.check(name);
          const { result, count } = await breaker.run(() => attempts(call));
          onEvent({ type: 'answered', kind, attempts: count, queueMs, result, ...ofModel });
          return result;
        } finally {
          queue.release();
        }
      } catch (thrown) {
        const error = call.budget.failure() ?? failureOf(thrown)?.error ?? parleyErrorOf(thrown, name);
        onEvent({ type: 'failed', kind, code: error.code, ...ofModel });
        throw error;
      }
    },
  };
}

const breakerEvents = {
  open: 'breaker-opened',
  'half-open': 'breaker-half-opened',
  closed: 'breaker-closed',
} as const;
