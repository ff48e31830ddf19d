import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { type EffectOutcome, isParleyError, type Json, messageOf, ParleyError } from '@parley/contracts';
import type { ReachFailpoint } from '../failpoint.ts';
import type { SpineHooks } from '../hooks.ts';
import type { EffectHandler } from '../kind.ts';
import type { Completion, Leased } from '../tick/work.ts';

export interface AttemptDeps {
  readonly handlers: Readonly<Record<string, EffectHandler>>;
  readonly failpoint: ReachFailpoint;
  readonly hooks: SpineHooks;
  complete(completion: Completion): Promise<void>;
}

/** One attempt at an effect that goes on in this process. */
export interface Running {
  readonly effect: Leased;
  readonly abort: AbortController;
  readonly done: Promise<void>;
  /** Lets others into the process again; more than once does no harm. */
  leave(): void;
  /** A suspect that was not begun, because others still run. */
  isWaiting: boolean;
  /** Its answer is on the way: whether the row is still ours no longer says anything. */
  isAnswering: boolean;
}

const retryMs = { first: 50, max: 2_000 };

/** Makes the attempt, unless the verdict is known, and hands its answer over until that is durable or not wanted. */
export async function execute(one: Running, verdict: EffectOutcome | undefined, deps: AttemptDeps): Promise<void> {
  const { stream, key, started, traceparent, effect } = one.effect;
  const { aroundEffect } = deps.hooks;
  const run = (cause: string | undefined) => executeCaused({ ...one.effect, traceparent: cause }, one, verdict, deps);
  await (aroundEffect === undefined
    ? run(traceparent)
    : aroundEffect({ stream, key, type: effect.type, attempt: started, traceparent }, run));
}

/** Repeats the work until it succeeds, or resolves to undefined when `signal` aborts. The pause doubles each time. */
export async function untilDone<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onFailure: (thrown: unknown) => void,
): Promise<T | undefined> {
  for (let delay = retryMs.first; !signal.aborted; delay = Math.min(delay * 2, retryMs.max)) {
    try {
      return await work();
    } catch (thrown) {
      onFailure(thrown);
      await pause(delay, signal);
    }
  }
  return undefined;
}

async function executeCaused(
  leased: Leased,
  one: Running,
  verdict: EffectOutcome | undefined,
  deps: AttemptDeps,
): Promise<EffectOutcome | undefined> {
  const began = performance.now();
  const { stream, kind, key, started, traceparent, effect, tenant } = leased;
  const { signal } = one.abort;
  const outcome = verdict ?? (await attempt(leased, signal, deps));
  const name = signal.aborted ? 'abandoned' : outcomeNames[outcome.type];
  deps.hooks.onEffect?.({ type: effect.type, tenant, outcome: name, ms: performance.now() - began, traceparent });
  if (signal.aborted) return undefined;
  deps.failpoint('after-model-before-completion');
  one.isAnswering = true;
  // The answer is kept and the lease with it until the database is back.
  return untilDone(
    async () => {
      await deps.complete({ stream, kind, key, started, traceparent, outcome });
      return outcome;
    },
    signal,
    (thrown) => deps.hooks.onTrouble?.('completing an effect', thrown),
  );
}

/** Runs the effect's handler once. Never rejects: a throw is an outcome. */
async function attempt(
  { stream, kind, key, effect, started, traceparent }: Leased,
  signal: AbortSignal,
  { handlers, failpoint }: AttemptDeps,
): Promise<EffectOutcome> {
  const { type } = effect;
  try {
    const handler = handlers[type];
    if (handler === undefined) throw new ParleyError('INTERNAL', `No handler for effects of type "${type}".`);
    failpoint('after-claim');
    const result = await handler({ stream, kind, key, effect, attempt: started, signal, traceparent });
    return { type: 'effect.succeeded', effect: type, key, result: result satisfies Json };
  } catch (thrown) {
    return { type: 'effect.failed', effect: type, key, ...failureOf(thrown) };
  }
}

/** What a stream is told of an error. */
function failureOf(
  thrown: unknown,
): Omit<Extract<EffectOutcome, { type: 'effect.failed' }>, 'type' | 'effect' | 'key'> {
  const reason = messageOf(thrown);
  if (!isParleyError(thrown)) return { code: 'INTERNAL', reason };
  const { code, retryable, retryAfterMs } = thrown;
  return {
    code,
    reason,
    ...(retryable ? { isPassing: true } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Names under which outcomes are counted. */
const outcomeNames = {
  'effect.succeeded': 'succeeded',
  'effect.failed': 'failed',
  'effect.outcome-unknown': 'unknown',
} as const satisfies Record<EffectOutcome['type'], string>;

/** Resolves when the work is settled or the time is over. Leaves no timer behind. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

/** Resolves after `ms`, or earlier when the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeoutPromise(ms, undefined, { signal }).catch(() => {});
}
