import type { ErrorCode, ParleyError } from '@parley/contracts';
import type { Provider } from './model.ts';
import { statusOf } from './wire-error.ts';

/** Limits of the client. Every time is in milliseconds. */
export interface PolicyOptions {
  /** First sign of life from a model that was not used within `warmForMs`: it may have to be loaded. */
  readonly coldFirstTokenMs: number;
  readonly warmFirstTokenMs: number;
  readonly warmForMs: number;
  /** Longest silence between two chunks. */
  readonly stallMs: number;
  /** Attempts after the first, within one model. */
  readonly maxRetries: number;
  /** The wait before retry n is random in 0..min(retryCapMs, retryBaseMs * 2^(n-1)). */
  readonly retryBaseMs: number;
  readonly retryCapMs: number;
  /** Failed calls in a row that open a model's circuit breaker. */
  readonly breakerFailures: number;
  /** Rest of a model whose breaker has opened; doubled with every failed probe, up to `breakerMaxOpenMs`. */
  readonly breakerOpenMs: number;
  readonly breakerMaxOpenMs: number;
  /** Calls at once per provider. */
  readonly concurrency: Readonly<Record<Provider, number>>;
  /** Calls that may wait per provider; more are refused with MODEL_OVERLOADED. */
  readonly maxWaiting: number;
}

/**
 * Ollama accepts far more calls than it can serve and lets the last wait for 20 s (measured, 20 calls at once), so the
 * limit has to be here. It is what a small machine serves: with 4 at once a 135M model on two cores let calls wait
 * beyond `warmFirstTokenMs`, and 6 of 6 debates failed (measured).
 */
export const defaultPolicy: PolicyOptions = {
  coldFirstTokenMs: 60_000,
  warmFirstTokenMs: 15_000,
  warmForMs: 300_000,
  stallMs: 20_000,
  maxRetries: 2,
  retryBaseMs: 500,
  retryCapMs: 5_000,
  breakerFailures: 5,
  breakerOpenMs: 3_000,
  breakerMaxOpenMs: 15_000,
  concurrency: { ollama: 1, openai: 16, rehearsal: 1_000 },
  maxWaiting: 10_000,
};

/** Failures that the same model may get over within seconds. */
const passing: ReadonlySet<ErrorCode> = new Set(['MODEL_UNREACHABLE', 'MODEL_OVERLOADED', 'MODEL_STALLED']);

/** Failures that say the server is in trouble, as opposed to the request. */
const trouble: ReadonlySet<ErrorCode> = new Set([...passing, 'MODEL_TIMEOUT', 'MODEL_BROKE_OFF']);

/** Whether the same model is worth another attempt. A 4xx never is, not even 429: the next model comes sooner. */
export function isPassing(error: ParleyError): boolean {
  const status = statusOf(error);
  return passing.has(error.code) && (status === undefined || status >= 500);
}

/** Whether the failure counts towards the model's circuit breaker. */
export function isTrouble(error: ParleyError): boolean {
  return trouble.has(error.code);
}

/**
 * Wait before retry `attempt` (1 is the first), with full jitter: random in 0..min(cap, base * 2^(attempt-1)).
 * Source: M. Brooker 2015, Exponential Backoff and Jitter. A server's own wish (Retry-After) is the lower bound.
 */
export function retryDelayMs(
  attempt: number,
  options: PolicyOptions,
  error: ParleyError,
  random: () => number,
): number {
  const ceiling = Math.min(options.retryCapMs, options.retryBaseMs * 2 ** (attempt - 1));
  return Math.max(random() * ceiling, error.retryAfterMs ?? 0);
}
