import type { EffectOutcome, Instant } from './decider.ts';

/** A failed effect whose cause may pass. */
export type PassingFailure = Extract<EffectOutcome, { type: 'effect.failed' }>;

/** Pause as a share of the outage so far: at first half, at most 15 s; after 5 min a twentieth, at most 60 s. */
const pause = { leastMs: 1_000, share: 0.5, cap: { leastMs: 15_000, share: 0.05, mostMs: 60_000 } } as const;

/** Most of a failure's reason that a state or a fact keeps, in characters. */
export const reasonCharacters = 500;

/** Prefix of the keys of timers that wait for something that was away. */
const waitPrefix = 'wait/';

/** Name of the timers that wait for a model, by which they are woken early. */
export const modelWait = 'model-wait';

/** The timer of a durable wait. */
export interface WaitEffect {
  readonly type: 'timer';
  readonly data: { readonly name: typeof modelWait };
}

/** The failure of an effect that is worth waiting out: a server was away, busy or gave up, and nothing was refused. */
export function isPassing(outcome: EffectOutcome): outcome is PassingFailure {
  return outcome.type === 'effect.failed' && outcome.isPassing === true;
}

/**
 * Time to ask again, in milliseconds since 1970: after a share of the time that the outage has lasted, 1 to 60 s, which
 * grows like an exponential backoff and needs no counter; never before the server's own wish, never after `until`.
 */
function nextTryAt(at: Instant, since: Instant, until: Instant, { retryAfterMs = 0 }: PassingFailure): Instant {
  const lastedMs = at - since;
  const { cap } = pause;
  const mostMs = Math.min(cap.mostMs, Math.max(cap.leastMs, lastedMs * cap.share));
  const grown = Math.min(mostMs, Math.max(pause.leastMs, lastedMs * pause.share));
  return Math.min(until, at + Math.max(grown, Math.ceil(retryAfterMs)));
}

/**
 * The timer of a wait that begins at `at`: it rings when what failed is to be asked for again.
 * @param since when it failed first in this outage
 * @param until when there is nothing to wait for any more
 */
export function waitFor(failure: PassingFailure, since: Instant, at: Instant, until: Instant) {
  return waitUntil(failure, at, nextTryAt(at, since, until, failure));
}

/** The timer of a wait that begins at `at`, where the caller knows when it ends. */
export function waitUntil({ key: what }: PassingFailure, at: Instant, dueAt: Instant) {
  const effect: WaitEffect = { type: 'timer', data: { name: modelWait } };
  return { key: `${waitPrefix}${againAt(what, at)}`, effect, isIdempotent: true, dueAt } as const;
}

/** What waited, from the key of a timer that has become due; undefined for another timer. */
export function waitedFor(key: string): string | undefined {
  return key.startsWith(waitPrefix) ? baseOf(key.slice(waitPrefix.length)) : undefined;
}

/** The key of an effect that is asked for again at `at`: a key is used once. */
export function againAt(key: string, at: Instant): string {
  return `${baseOf(key)}@${at}`;
}

/** A key without the moment it was asked for again. */
export function baseOf(key: string): string {
  const end = key.lastIndexOf('@');
  return end < 0 ? key : key.slice(0, end);
}
