import type { Instant } from '@parley/contracts';
import { sides } from '@parley/contracts/debate';
import { closing, judgeFirst } from './debate-judging.ts';
import type { DebateEvent, Judgement, Open, Running } from './debate-state.ts';
import { accept, type Decided, refuse } from './decided.ts';
import { evolveDebate } from './evolve-debate.ts';
import { withdrawn } from './floors.ts';
import { noveltyOf, recordedFact } from './recording.ts';
import { reasonsToStop, type StopFacts } from './stop.ts';

/** What ends a debate whatever was said in it. */
type Cause = Partial<Pick<StopFacts, 'isCancelled' | 'hasDebaterFailed' | 'isBudgetSpent' | 'isDecided'>>;

/** Ends the debate in the middle of a turn: one that was asked for is withdrawn, one that has come is recorded. */
export function stop(state: Open, at: Instant, cause: Cause, detail?: string, given?: Judgement): Decided {
  if (state.phase === 'debating') {
    return conclude(state, { ...stopFacts(state, at), ...cause }, [], detail, { taken: withdrawn(state), given });
  }
  const { received } = state;
  if (received === undefined) return conclude(state, { ...stopFacts(state, at), ...cause }, [], detail, { given });
  const recorded = recordedFact(received, noveltyOf(state, received), undefined, null);
  const after = evolveDebate(state, recorded) as Open;
  const now = { ...stopFacts(after, at), round: received.round, isRoundComplete: received.side === 'con', ...cause };
  return conclude(after, now, [recorded], detail, { given });
}

/**
 * Closes the floor. `before` are the facts of the turn that ended it, if a turn did; `state` knows of them. `taken` is
 * the turn whose floor is taken back, `given` a judgement of these rounds that is there already.
 */
export function conclude(
  state: Open,
  now: StopFacts,
  before: readonly DebateEvent[],
  detail: string | undefined,
  { taken, given }: { taken?: ReturnType<typeof withdrawn>; given?: Judgement | undefined } = {},
): Decided {
  const [stopReason, ...alsoTrue] = reasonsToStop(now);
  if (stopReason === undefined) return refuse('NOTHING_TO_STOP_FOR');
  const rounds = state.round - 1;
  const stopped: DebateEvent = {
    type: 'debate-stopped.v1',
    data: {
      stopReason,
      alsoTrue,
      rounds,
      ...(detail === undefined ? {} : { detail }),
      ...(taken === undefined ? {} : { withdrawn: taken }),
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
  if (given !== undefined) return accept([...before, stopped, ...closing(given, stopReason)]);
  return accept([...before, stopped], judgeFirst(state.setup));
}

/** State of the debate when nothing has happened to it but time. */
export function stopFacts(state: Running, at: Instant): StopFacts {
  const { setup, round, tokens, staleRounds, marks, offTopicRounds = 0 } = state;
  const { pro, con } = marks ?? {};
  const arguesFor = { pro: pro?.arguesFor ?? 'pro', con: con?.arguesFor ?? 'con' };
  return {
    ...setup,
    at,
    isCancelled: false,
    hasDebaterFailed: false,
    isRoundComplete: false,
    round,
    tokens,
    tokenBudget: setup.tokenBudget,
    staleRounds,
    conceded: sides.filter((side) => marks?.[side]?.concedes === true),
    isOneSided: arguesFor.pro === arguesFor.con && arguesFor.pro !== 'neither',
    offTopicRounds,
  };
}
