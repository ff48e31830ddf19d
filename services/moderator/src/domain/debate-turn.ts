// From the answer of a debater to its record: taken at once, or after it was looked at, or asked for once more.
import {
  againAt,
  baseOf,
  type EffectOutcome,
  type EffectRequest,
  type Instant,
  isPassing,
  type PassingFailure,
  waitFor,
} from '@parley/contracts';
import { type Novelty, otherSide, type TurnRepliedV1 } from '@parley/contracts/debate';
import { type AssessEffect, type Assessment, checksOf } from './assessment.ts';
import { conclude, stopFacts } from './debate-end.ts';
import type { Assessing, DebateEvent, DebateState, Debating, Open, Paused, Running } from './debate-state.ts';
import { accept, type Decided, refuse } from './decided.ts';
import { evolveDebate, following } from './evolve-debate.ts';
import { floor } from './floors.ts';
import { pollAfter } from './poll.ts';
import { assessedOf, isFlip, noveltyOf, recordedFact } from './recording.ts';
import { maySwitchSides } from './stance.ts';
import { reasonsToStop, type StopFacts } from './stop.ts';
import { waitingFact } from './waiting.ts';

export function take(state: Debating, turn: TurnRepliedV1, at: Instant): Decided {
  const novelty = noveltyOf(state, turn);
  const asked = askedOf(state, turn, novelty);
  const { checks } = asked;
  if (checks.length === 0 || at >= state.setup.deadlineAt) return record(state, turn, novelty, undefined, at);
  const received: DebateEvent = { type: 'turn-received.v1', data: { turn, checks: [...checks] } };
  return accept([received], [assess(assessKey({ ...state, received: turn }), asked)]);
}

const assess = (key: string, data: AssessEffect['data']): EffectRequest<AssessEffect> => ({
  key,
  effect: { type: 'assess', data },
  isIdempotent: true,
});

/** What a turn is looked at for; the same as long as nothing else is recorded. */
function askedOf(state: Running, turn: TurnRepliedV1, novelty: Novelty): AssessEffect['data'] {
  const { side, round, text, concedes } = turn;
  const { setup } = state;
  const before = { own: state.said[side], opponent: state.said[otherSide[side]].at(-1) };
  const checks = checksOf(setup.checks ?? {}, {
    isStale: novelty.isStale,
    maySwitchSides: !concedes && maySwitchSides(text, side, before),
  });
  const unwanted = setup.checks?.opinion === false ? ({ isOpinionUnwanted: true } as const) : {};
  return { round, side, text, checks, until: setup.deadlineAt, ...unwanted };
}

type Pending = (Assessing | Paused) & { readonly received: TurnRepliedV1 };

const isPending = (state: DebateState): state is Pending =>
  state.phase === 'assessing' || (state.phase === 'paused' && state.received !== undefined);

/** A turn that is asked for once more is looked at once more; a pause in between asks for nothing anew. */
function assessKey({ round, side, objection }: Pick<Pending, 'round' | 'side' | 'objection' | 'received'>): string {
  return `assess/${round}/${side}/${objection === undefined ? 1 : 2}`;
}

/** An assessment that failed for good keeps nobody waiting: the turn is taken on the cheap measures. */
export function assessed(state: DebateState, outcome: EffectOutcome, at: Instant): Decided {
  if (!isPending(state) || baseOf(outcome.key) !== assessKey(state)) return refuse('NOT_ASSESSING');
  const turn = state.received;
  if (isPassing(outcome) && at < state.setup.deadlineAt) return waits(state, outcome, at);
  const assessment = assessmentOf(outcome);
  if (!isFlip(turn, assessment) || state.objection !== undefined)
    return record(state, turn, noveltyOf(state, turn, assessment), assessment, at);
  const reason = `The turn argues for the other side: ${assessment.stance?.reason ?? ''}`.slice(0, 500);
  const rejected = (next: ReturnType<typeof floor> | null): DebateEvent => ({
    type: 'turn-rejected.v1',
    data: {
      round: turn.round,
      side: turn.side,
      reason,
      model: turn.model,
      usage: turn.usage,
      assessed: assessedOf(assessment),
      next,
    },
  });
  const after = evolveDebate(state, rejected(null)) as Paused;
  // Where there is no room for another attempt, this one stands.
  if (reasonsToStop(stopFacts(after, at)).length > 0)
    return record(state, turn, noveltyOf(state, turn, assessment), assessment, at);
  return accept([rejected(state.phase === 'paused' ? null : floor(after, after))]);
}

/** The model that looks at turns is away: the turn stays unrecorded until it answers, or the deadline comes. */
function waits(state: Pending, failure: PassingFailure, at: Instant): Decided {
  const { round, side, setup, waitingSince: since = at } = state;
  const told =
    state.waitingSince === undefined ? [waitingFact({ awaits: 'assessment', round, side, since }, failure)] : [];
  return accept(told, [waitFor(failure, since, at, setup.deadlineAt)]);
}

/** The wait for that model is over: it is asked again. */
export function assessAgain(state: DebateState, waited: string, at: Instant): Decided {
  if (!isPending(state) || waited !== assessKey(state)) return refuse('NOT_ASSESSING');
  const turn = state.received;
  return accept([], [assess(againAt(waited, at), askedOf(state, turn, noveltyOf(state, turn)))]);
}

function assessmentOf(outcome: EffectOutcome): Assessment {
  if (outcome.type === 'effect.succeeded') return outcome.result as unknown as Assessment;
  const reason = outcome.type === 'effect.failed' ? outcome.reason : 'the outcome of the assessment is unknown';
  return { usage: { inputTokens: 0, outputTokens: 0 }, skipped: [{ check: 'stance', reason }] };
}

function record(
  state: Open,
  turn: TurnRepliedV1,
  novelty: Novelty,
  assessment: Assessment | undefined,
  at: Instant,
): Decided {
  const { side, round } = turn;
  const recorded = (next: ReturnType<typeof floor> | null) => recordedFact(turn, novelty, assessment, next);
  const after = evolveDebate(state, recorded(null)) as Open;
  const now: StopFacts = { ...stopFacts(after, at), round, isRoundComplete: side === 'con' };
  if (reasonsToStop(now).length > 0) return conclude(after, now, [recorded(null)], undefined);
  const next = state.phase === 'paused' ? null : floor(after, following(turn));
  return accept([recorded(next)], side === 'con' ? pollAfter(after, round) : []);
}
