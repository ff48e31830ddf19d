// The judge is asked while the debate goes on: one side may be so far ahead that the rest would change nothing.
import type { EffectOutcome, EffectRequest, Instant } from '@parley/contracts';
import { otherSide, rubric, type Verdict } from '@parley/contracts/debate';
import { stop } from './debate-end.ts';
import { givenFact } from './debate-judging.ts';
import type { DebateEffect, DebateState, Judgement, Running } from './debate-state.ts';
import { isOpen } from './debate-state.ts';
import { accept, type Decided, refuse } from './decided.ts';

/** Lead that no usual judge takes back, in marks of 1 to 10, the mean of the rubric. Our choice, not measured. */
const clearLead = 2;
const prefix = 'poll/';

/** Asks after a whole round from `minRounds` on, beside the next turn: nobody waits for it. */
export function pollAfter({ setup }: Running, round: number): EffectRequest<DebateEffect>[] {
  const { topic, judge, judgeEarly, minRounds } = setup;
  if (judgeEarly !== true || round < minRounds) return [];
  const data = { topic, rounds: round, until: setup.deadlineAt, ...(judge === undefined ? {} : { judge }) };
  return [{ key: `${prefix}${round}`, effect: { type: 'judge', data }, isIdempotent: true }];
}

export function isPoll(outcome: EffectOutcome): boolean {
  return outcome.effect === 'judge' && outcome.key.startsWith(prefix);
}

/** A clear lead ends the debate with this verdict; a failed poll, or one that another round has overtaken, does nothing. */
export function polled(state: DebateState, outcome: EffectOutcome, at: Instant): Decided {
  if (!isOpen(state)) return refuse('NOT_RUNNING');
  if (outcome.type !== 'effect.succeeded') return refuse('POLL_FAILED');
  const round = Number(outcome.key.slice(prefix.length));
  const isOvertaken = state.phase !== 'debating' && state.received?.side === 'con';
  if (state.round - 1 !== round || isOvertaken) return refuse('POLL_OVERTAKEN');
  const judgement = outcome.result as unknown as Judgement;
  if (leadOf(judgement.verdict) >= clearLead) return stop(state, at, { isDecided: true }, undefined, judgement);
  return accept([{ type: 'judge-polled.v1', data: { ...givenFact(judgement), round } }]);
}

/** Lead of the winner, in mean marks; 0 without a winner. */
function leadOf(verdict: Verdict): number {
  if (verdict.outcome !== 'pro' && verdict.outcome !== 'con') return 0;
  const winner = verdict.scores[verdict.outcome];
  const loser = verdict.scores[otherSide[verdict.outcome]];
  return rubric.reduce((sum, of) => sum + winner[of] - loser[of], 0) / rubric.length;
}
