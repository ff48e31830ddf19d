// What a turn asks of its model, and how it waits for one that is away.
import {
  againAt,
  baseOf,
  type Decision,
  type EffectRequest,
  type Instant,
  type PassingFailure,
  reasonCharacters,
  waitedFor,
  waitFor,
} from '@parley/contracts';
import type { DeclareEffect, ThinkEffect, Thinking, TurnEffect, TurnEvent } from './turn-state.ts';

export type Decided = Decision<TurnEvent, TurnEffect>;

export const refuse = (code: string): Decided => ({ ok: false, code });
export const accept = (events: readonly TurnEvent[], effects: readonly EffectRequest<TurnEffect>[] = []): Decided => ({
  ok: true,
  events,
  effects,
});

/** The effect of an attempt. `lastFailure` is told to the model. */
export function think(attempt: number, lastFailure?: string, isPoisoned?: true): EffectRequest<ThinkEffect> {
  const data: ThinkEffect['data'] = {
    attempt,
    ...(lastFailure === undefined ? {} : { lastFailure }),
    ...(isPoisoned === undefined ? {} : { isFirstModelAvoided: true }),
  };
  return { key: `think/${attempt}`, effect: { type: 'think', data }, isIdempotent: true };
}

export function declare(attempt: number): EffectRequest<DeclareEffect> {
  return { key: `declare/${attempt}`, effect: { type: 'declare', data: {} }, isIdempotent: true };
}

/** Says which asking is answered: the floor may have been taken away and given again. */
export const asked = ({ floor }: Thinking) => (floor.attempt > 1 ? { attempt: floor.attempt } : {});

/** The model is away or busy: the turn stays as it is and is asked for again later. Told once an outage. */
export function wait(state: Thinking, failure: PassingFailure, at: Instant): Decided {
  const { floor, waitingSince: since = at } = state;
  const { round, side } = floor;
  const { code } = failure;
  const reason = failure.reason.slice(0, reasonCharacters);
  const data = { awaits: 'turn', round, side, ...asked(state), since, code, reason } as const;
  const events: TurnEvent[] = state.waitingSince === undefined ? [{ type: 'model-waiting.v1', data }] : [];
  return accept(events, [waitFor(failure, since, at, floor.deadlineAt)]);
}

/** The wait is over. A timer that an earlier attempt left behind asks for nothing. */
export function goOn(state: Thinking, key: string, at: Instant): Decided {
  const { attempts, lastFailure, isPoisoned, isDrafted } = state;
  const next = isDrafted === true ? declare(attempts) : think(attempts, lastFailure, isPoisoned);
  if (waitedFor(key) !== baseOf(next.key)) return refuse('NOT_WAITING');
  return accept([], [{ ...next, key: againAt(next.key, at) }]);
}
