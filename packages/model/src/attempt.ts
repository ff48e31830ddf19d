import { isParleyError, messageOf, ParleyError } from '@parley/contracts';
import type { Budget } from './budget.ts';
import type { OnModelEvent, TimeoutKind } from './event.ts';
import { ConnectTimeout } from './http-fetch.ts';
import type { ChatResult, EmbedResult, Provider } from './model.ts';
import { isPassing, isTrouble } from './policy.ts';
import { unusableIn } from './unusable-answer.ts';
import { ShareSpent, startWatchdog, type WatchdogLimits } from './watchdog.ts';
import { statusOf } from './wire-error.ts';

/** Runs one request to a server inside something of the caller's, such as a span, and passes on how it ends. */
export type AroundRequest = (
  start: { readonly provider: Provider; readonly model: string; readonly maxTokens: number },
  run: () => Promise<ChatResult>,
) => Promise<ChatResult>;

/** The same for a request for embeddings; `inputs` is their number. */
export type AroundEmbedding = (
  start: { readonly provider: Provider; readonly model: string; readonly inputs: number },
  run: () => Promise<EmbedResult>,
) => Promise<EmbedResult>;

/** Whether the caller has seen text of the answer in hand. */
export interface Publication {
  hasText: boolean;
}

/** What an attempt gives the request it makes: when to stop, and whom to tell that the server lives. */
export interface Life {
  readonly signal: AbortSignal;
  onProgress(): void;
}

export interface Attempt<T> {
  /** The name in the call's list. */
  readonly name: string;
  readonly provider: Provider;
  /** Makes the request. */
  ask(life: Life): Promise<T>;
  readonly budget: Budget;
  readonly publication: Publication;
  readonly limits: WatchdogLimits;
  readonly now: () => number;
  readonly onEvent: OnModelEvent;
  /** Called once, at the first sign of life. */
  onBegun(afterMs: number): void;
}

interface Flags {
  /** The same model is worth another attempt. */
  readonly isRetried: boolean;
  /** The failure counts towards the circuit breaker. */
  readonly isTrouble: boolean;
  /** The caller or the budget ended it, so it says nothing about the server. */
  readonly isGivenUp: boolean;
}

/** What an attempt throws: the error, and what the policies around it need to know. */
export class AttemptFailure extends Error {
  readonly error: ParleyError;
  readonly flags: Flags;

  constructor(error: ParleyError, flags: Flags) {
    super(error.message);
    this.error = error;
    this.flags = flags;
  }
}

export function failureOf(thrown: unknown): AttemptFailure | undefined {
  return thrown instanceof AttemptFailure ? thrown : undefined;
}

/** Longest wish of a server to be left alone that is kept while another model could be asked, in milliseconds. */
const longestPatienceMs = 2_000;

/** Asks the model once, under watch. Rejects with an AttemptFailure and nothing else. */
export async function runAttempt<T>(attempt: Attempt<T>): Promise<T> {
  const { name, provider, budget, publication, now } = attempt;
  const ended = budget.failure();
  if (ended !== undefined) throw givenUp(ended);
  const startedAt = now();
  const watchdog = startWatchdog(name, budget.signal, attempt.limits);
  let hasBegun = false;
  const onProgress = () => {
    watchdog.progress();
    if (hasBegun) return;
    hasBegun = true;
    attempt.onBegun(now() - startedAt);
  };
  try {
    return await attempt.ask({ signal: watchdog.signal, onProgress });
  } catch (thrown) {
    const end = budget.failure();
    const error = end ?? watchdog.failure() ?? parleyErrorOf(thrown, name);
    const timeout = timeoutOf(error, end !== undefined);
    if (timeout !== undefined) {
      attempt.onEvent({ type: 'timed-out', model: name, provider, timeout, afterMs: now() - startedAt });
    }
    const spent = unusableIn(error);
    if (spent !== undefined) {
      const { inputTokens, outputTokens, reasoningTokens } = spent;
      const result = { inputTokens, outputTokens, reasoningTokens };
      attempt.onEvent({ type: 'unusable', emptiness: spent.emptiness, model: name, provider, result });
    }
    if (end !== undefined) throw givenUp(end);
    // Another model answers sooner than a server that asks to be left alone.
    const isLeftAlone = attempt.limits.totalMs !== undefined && (error.retryAfterMs ?? 0) > longestPatienceMs;
    const isRetried = !publication.hasText && isPassing(error) && !isLeftAlone;
    throw new AttemptFailure(error, { isRetried, isTrouble: isTrouble(error), isGivenUp: false });
  } finally {
    watchdog.close();
  }
}

/** Whatever was thrown as a ParleyError; INTERNAL when an adapter threw something else. */
export function parleyErrorOf(thrown: unknown, name: string): ParleyError {
  if (isParleyError(thrown)) return thrown;
  return new ParleyError('INTERNAL', `The adapter of model "${name}" failed: ${messageOf(thrown)}.`, { cause: thrown });
}

function givenUp(error: ParleyError): AttemptFailure {
  return new AttemptFailure(error, { isRetried: false, isTrouble: false, isGivenUp: true });
}

function timeoutOf(error: ParleyError, isGivenUp: boolean): TimeoutKind | undefined {
  // A server's 408 is its own limit, none of ours.
  if (statusOf(error) !== undefined) return undefined;
  if (error.cause instanceof ConnectTimeout) return 'connect';
  if (error.cause instanceof ShareSpent) return 'share';
  if (error.code === 'MODEL_STALLED') return 'stall';
  if (error.code === 'MODEL_TIMEOUT') return isGivenUp ? 'total' : 'first-token';
  return undefined;
}
