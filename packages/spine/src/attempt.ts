import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { type EffectOutcome, isParleyError, type Json, messageOf, ParleyError } from '@parley/contracts';
import type { ReachFailpoint } from './failpoint.ts';
import type { EffectHandler } from './kind.ts';
import type { Leased } from './tick.ts';

/** Runs an effect's handler once. Never rejects: a throw is an outcome. */
export async function attempt(
  { stream, kind, key, effect, started, traceparent }: Leased,
  handlers: Readonly<Record<string, EffectHandler>>,
  signal: AbortSignal,
  failpoint: ReachFailpoint,
): Promise<EffectOutcome> {
  const { type } = effect;
  try {
    const handler = handlers[type];
    if (handler === undefined) throw new ParleyError('INTERNAL', `No handler for effects of type "${type}".`);
    failpoint('after-claim');
    const result = await handler({ stream, kind, key, effect, attempt: started, signal, traceparent });
    return { type: 'effect.succeeded', effect: type, key, result: result satisfies Json };
  } catch (thrown) {
    const code = isParleyError(thrown) ? thrown.code : 'INTERNAL';
    return { type: 'effect.failed', effect: type, key, code, reason: messageOf(thrown) };
  }
}

/** How an outcome is counted. */
export const outcomeNames = {
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
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeoutPromise(ms, undefined, { signal }).catch(() => {});
}
