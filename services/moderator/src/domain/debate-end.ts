import type { EffectOutcome, EffectRequest, Fact, Instant, JudgeSetup, Side, StopReason } from '@parley/contracts';
import type { DebateEffect, DebateEvent, DebateState, Debating, Judgement } from './debate-state.ts';
import { accept, type Decided, refuse } from './decided.ts';
import { reasonsToStop, type Standing } from './stop.ts';

/** A judge that gave no usable answer so often is not asked again. */
const maxJudgings = 3;

/** Ends the debate in the middle of a turn that was asked for. */
export function stop(state: Debating, now: Standing, detail?: string): Decided {
  return conclude(state, now, state.round - 1, [], detail, { round: state.round, side: state.side });
}

/** Closes the floor. `before` are the facts of the turn that ended it, if a turn did. */
export function conclude(
  state: Debating,
  now: Standing,
  rounds: number,
  before: readonly DebateEvent[],
  detail: string | undefined,
  withdrawn?: { readonly round: number; readonly side: Side },
): Decided {
  const [stopReason, ...alsoTrue] = reasonsToStop(now);
  if (stopReason === undefined) return refuse('NOTHING_TO_STOP_FOR');
  const stopped: DebateEvent = {
    type: 'debate-stopped.v1',
    data: {
      stopReason,
      alsoTrue,
      rounds,
      ...(detail === undefined ? {} : { detail }),
      ...(withdrawn === undefined ? {} : { withdrawn }),
    },
  };
  if (stopReason === 'cancelled' || stopReason === 'debater_failed') {
    const status = stopReason === 'cancelled' ? 'cancelled' : 'failed';
    return accept([...before, stopped, { type: 'debate-closed.v1', data: { status, stopReason } }]);
  }
  if (rounds === 0) {
    const reason = 'Not one round was complete: there is nothing to judge.';
    return accept([...before, stopped, ...closing({ verdict: { outcome: 'unavailable', reason } }, stopReason)]);
  }
  return accept([...before, stopped], [judgeEffect(state.setup, 1)]);
}

/** How the debate stands when nothing has happened to it but time. */
export function standing(state: Debating, at: Instant): Standing {
  return {
    ...state.setup,
    at,
    isCancelled: false,
    hasDebaterFailed: false,
    isRoundComplete: false,
    round: state.round,
    tokens: state.tokens,
    tokenBudget: state.setup.tokenBudget,
    staleRounds: state.staleRounds,
  };
}

function judgeEffect(
  of: { topic: string; judge?: JudgeSetup | undefined },
  judging: number,
): EffectRequest<DebateEffect> {
  const data = { topic: of.topic, ...(of.judge === undefined ? {} : { judge: of.judge }) };
  return { key: `judge/${judging}`, effect: { type: 'judge', data }, isIdempotent: true };
}

/** Takes the judge's answer: a verdict, or the news that there is none. */
export function judged(state: DebateState, outcome: EffectOutcome): Decided {
  switch (outcome.type) {
    case 'effect.succeeded':
      return verdict(state, outcome.result as unknown as Judgement);
    case 'effect.failed':
      return judgingFailed(state, outcome.reason);
    case 'effect.outcome-unknown':
      return judgingFailed(state, 'the outcome of judging is unknown');
  }
}

function verdict(state: DebateState, judgement: Judgement): Decided {
  if (state.phase !== 'judging') return refuse('NOT_JUDGING');
  return accept(closing(judgement, state.stopReason));
}

function judgingFailed(state: DebateState, reason: string): Decided {
  if (state.phase !== 'judging') return refuse('NOT_JUDGING');
  const isLast = state.judgings >= maxJudgings;
  const failed: DebateEvent = { type: 'judging-failed.v1', data: { reason, isLast } };
  if (!isLast) return accept([failed], [judgeEffect(state, state.judgings + 1)]);
  const last = `The judge failed ${maxJudgings} times, at last: ${reason}`;
  return accept([failed, ...closing({ verdict: { outcome: 'unavailable', reason: last } }, state.stopReason)]);
}

export function close(status: 'closed' | 'cancelled', stopReason: StopReason): Decided {
  return accept([{ type: 'debate-closed.v1', data: { status, stopReason } }]);
}

function closing(given: Partial<Judgement> & Pick<Judgement, 'verdict'>, stopReason: StopReason): DebateEvent[] {
  const { verdict, usage, votes, positionFlip } = given;
  const data: Fact<'verdict-given.v1'>['data'] = {
    verdict,
    ...(usage === undefined ? {} : { usage }),
    ...(verdict.outcome === 'unavailable' ? {} : { model: verdict.model }),
    ...(votes === undefined ? {} : { votes: [...votes] }),
    ...(positionFlip === undefined ? {} : { positionFlip }),
  };
  return [
    { type: 'verdict-given.v1', data },
    { type: 'debate-closed.v1', data: { status: 'closed', stopReason } },
  ];
}
