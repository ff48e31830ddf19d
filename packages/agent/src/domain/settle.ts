import { againAt, type Decision, type EffectRequest, type Instant } from '@parley/contracts';
import { evolveRun } from './evolve-run.ts';
import type {
  CallEffect,
  Going,
  LastReason,
  OpenCall,
  RunEffect,
  RunEvent,
  RunState,
  ThinkEffect,
} from './run-state.ts';

export type Decided = Decision<RunEvent, RunEffect>;

/** Thoughts in a row whose calls give the same results, before no further call may be made. */
const mostRepeats = 3;

export const refuse = (code: string): Decided => ({ ok: false, code });

/**
 * What follows from events: ready calls are given out, as many at once as the limits say, and when none is open the
 * next thought is asked for. Calls that harm twice run one after the other, in the order of the thought.
 */
export function settle(state: RunState, events: readonly RunEvent[], more: readonly EffectRequest<RunEffect>[] = []) {
  let after = events.reduce(evolveRun, state);
  const all = [...events];
  const effects = [...more];
  for (let next = startable(after); next !== undefined; next = startable(after)) {
    const { call, tool, args } = next;
    const attempt = next.attempt + 1;
    const edited = args === undefined ? {} : { args };
    const started: RunEvent = { type: 'call-started.v1', data: { call, tool, attempt, ...edited } };
    all.push(started);
    effects.push(callOf(next, attempt));
    after = evolveRun(after, started);
  }
  const askedBefore = state.phase === 'going' ? state.asked : 0;
  if (after.phase === 'going' && after.asked > askedBefore) effects.push(thinkOf(after));
  return { ok: true, events: all, effects } satisfies Decided;
}

function startable(state: RunState): OpenCall | undefined {
  if (state.phase !== 'going') return undefined;
  const { open, limits } = state;
  if (open.filter(({ phase }) => phase === 'running').length >= limits.parallelCalls) return undefined;
  const firstOnce = open.find((call) => call.class === 'once');
  return open.find((call) => call.phase === 'ready' && (call.class !== 'once' || call === firstOnce));
}

/** Why the thought that is asked for may call nothing; undefined where it may. */
export function lastReason({ asked, limits, repeats }: Going): LastReason | undefined {
  if (repeats >= mostRepeats) return 'LOOPING';
  return asked > limits.steps ? 'STEPS_SPENT' : undefined;
}

export function thinkOf(state: Going): EffectRequest<ThinkEffect> {
  const { asked: thought, lastFailure } = state;
  const isLast = lastReason(state);
  const told = { ...(lastFailure === undefined ? {} : { lastFailure }), ...(isLast === undefined ? {} : { isLast }) };
  return { key: `think/${thought}`, effect: { type: 'think', data: { thought, ...told } }, isIdempotent: true };
}

export function callOf({ call, tool, class: of }: OpenCall, attempt: number): EffectRequest<CallEffect> {
  return {
    key: `call/${call}/${attempt}`,
    effect: { type: 'call', data: { call, tool, attempt } },
    isIdempotent: of !== 'once',
  };
}

/** The same effect again, after a wait: a key is used once. */
export const again = <E extends RunEffect>(request: EffectRequest<E>, at: Instant): EffectRequest<E> => ({
  ...request,
  key: againAt(request.key, at),
});
