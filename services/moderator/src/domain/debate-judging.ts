// The verdict of a debate that has stopped: asked for, waited for while the judge is away, and given up in time.
import {
  againAt,
  baseOf,
  type EffectOutcome,
  type EffectRequest,
  type Fact,
  type Instant,
  isPassing,
  waitFor,
} from '@parley/contracts';
import { type StopReason, verdictReserveSeconds } from '@parley/contracts/debate';
import type { DebateEffect, DebateEvent, DebateState, Judgement, Judging, Setup } from './debate-state.ts';
import { accept, type Decided, refuse } from './decided.ts';
import { waitingFact } from './waiting.ts';

/** Times without a usable answer after which a judge is not asked again. */
const maxJudgings = 3;

/** Key of the timer that ends a debate without a verdict. */
export const verdictTimer = 'verdict';

/** Latest time at which a debate is over. A log without one was written by an earlier build. */
export function verdictByOf({ verdictBy, deadlineAt }: Pick<Setup, 'verdictBy' | 'deadlineAt'>): Instant {
  return verdictBy ?? deadlineAt + verdictReserveSeconds(0) * 1000;
}

/** Asks the judge of a debate that has just stopped, and sets the time by which there is an answer or none. */
export function judgeFirst(setup: Setup): EffectRequest<DebateEffect>[] {
  const { topic, judge } = setup;
  const verdictBy = verdictByOf(setup);
  const timer: DebateEffect = { type: 'timer', data: { name: 'verdict' } };
  return [
    judgeEffect({ topic, judge, verdictBy, judgings: 1 }),
    { key: verdictTimer, effect: timer, isIdempotent: true, dueAt: verdictBy },
  ];
}

function judgeEffect({
  topic,
  judge,
  verdictBy,
  judgings,
}: Pick<Judging, 'topic' | 'judge' | 'verdictBy' | 'judgings'>) {
  const until = verdictBy === undefined ? {} : { until: verdictBy };
  const data = { topic, ...until, ...(judge === undefined ? {} : { judge }) };
  return { key: `judge/${judgings}`, effect: { type: 'judge', data }, isIdempotent: true } as const;
}

/** Takes the judge's answer: a verdict, or the news that there is none. */
export function judged(state: DebateState, outcome: EffectOutcome, at: Instant): Decided {
  if (state.phase !== 'judging') return refuse('NOT_JUDGING');
  if (outcome.type === 'effect.succeeded')
    return accept(closing(outcome.result as unknown as Judgement, state.stopReason));
  const { waitingSince: since = at, verdictBy = Number.POSITIVE_INFINITY } = state;
  if (!isPassing(outcome) || at >= verdictBy) {
    const reason = outcome.type === 'effect.failed' ? outcome.reason : 'the outcome of judging is unknown';
    return judgingFailed(state, reason, at);
  }
  const told = state.waitingSince === undefined ? [waitingFact({ awaits: 'verdict', since }, outcome)] : [];
  return accept(told, [waitFor(outcome, since, at, verdictBy)]);
}

/** The judge's wait is over: it is asked again. */
export function judgeAgain(state: DebateState, waited: string, at: Instant): Decided {
  if (state.phase !== 'judging') return refuse('NOT_JUDGING');
  const effect = judgeEffect(state);
  if (waited !== baseOf(effect.key)) return refuse('NOT_WAITING');
  return accept([], [{ ...effect, key: againAt(effect.key, at) }]);
}

/** The time for a verdict is up. */
export function verdictIsDue(state: DebateState): Decided {
  if (state.phase !== 'judging') return refuse('NOT_JUDGING');
  const reason = 'The judge gave no verdict in the time that was left for one.';
  return accept(closing({ verdict: { outcome: 'unavailable', reason } }, state.stopReason));
}

function judgingFailed(state: Judging, reason: string, at: Instant): Decided {
  const isLast = state.judgings >= maxJudgings || (state.verdictBy !== undefined && at >= state.verdictBy);
  const failed: DebateEvent = { type: 'judging-failed.v1', data: { reason, isLast } };
  if (!isLast) return accept([failed], [judgeEffect({ ...state, judgings: state.judgings + 1 })]);
  const times = state.judgings === 1 ? 'once' : `${state.judgings} times`;
  const last = `The judge failed ${times}, at last: ${reason}`;
  return accept([failed, ...closing({ verdict: { outcome: 'unavailable', reason: last } }, state.stopReason)]);
}

export function close(status: 'closed' | 'cancelled', stopReason: StopReason): Decided {
  return accept([{ type: 'debate-closed.v1', data: { status, stopReason } }]);
}

type Given = Partial<Judgement> & Pick<Judgement, 'verdict'>;

/** A judgement as facts tell it. */
export function givenFact({ verdict, usage, votes, positionFlip }: Given): Fact<'verdict-given.v1'>['data'] {
  return {
    verdict,
    ...(usage === undefined ? {} : { usage }),
    ...(verdict.outcome === 'unavailable' ? {} : { model: verdict.model }),
    ...(votes === undefined ? {} : { votes: [...votes] }),
    ...(positionFlip === undefined ? {} : { positionFlip }),
  };
}

/** The last two facts of a debate. */
export function closing(given: Given, stopReason: StopReason): DebateEvent[] {
  return [
    { type: 'verdict-given.v1', data: givenFact(given) },
    { type: 'debate-closed.v1', data: { status: 'closed', stopReason } },
  ];
}
