import type { Instant } from '@parley/contracts';
import type { Side, StopReason } from '@parley/contracts/debate';

/** What the stop rules look at, after a turn or when something else happened. */
export interface StopFacts {
  readonly at: Instant;
  readonly isCancelled: boolean;
  readonly hasDebaterFailed: boolean;
  /** Both sides have spoken in the present round. */
  readonly isRoundComplete: boolean;
  readonly round: number;
  readonly deadlineAt: Instant;
  readonly tokens: number;
  readonly tokenBudget: number | undefined;
  /** What is left of the budget is too little for another turn. */
  readonly isBudgetSpent?: boolean;
  readonly maxRounds: number;
  readonly minRounds: number;
  /** Rounds in a row, up to the present one, in which both sides said nothing new. */
  readonly staleRounds: number;
  /** Stale rounds in a row that end the debate; as many as the rules say if undefined. */
  readonly staleRoundsToStop?: number;
  readonly stopWhenRedundant: boolean;
  /** The judge, asked before the end, found a side clearly ahead. */
  readonly isDecided?: boolean;
  /** The sides that gave in, in the present round; nobody when absent. */
  readonly conceded?: readonly Side[];
  /** Both sides argue for the same one, in the present round. */
  readonly isOneSided?: boolean;
  /** Rounds in a row, up to the present one, in which both sides were off topic; 0 when absent. */
  readonly offTopicRounds?: number;
}

/** A condition that a debate fulfils or not; small ones make larger ones by `and`, `or` and `minRounds`. */
export type Condition = (standing: StopFacts) => boolean;

export const and =
  (...all: readonly Condition[]): Condition =>
  (s) =>
    all.every((condition) => condition(s));

export const or =
  (...any: readonly Condition[]): Condition =>
  (s) =>
    any.some((condition) => condition(s));

/** Holds when `condition` does, but not before `rounds` rounds were begun. */
export const minRounds =
  (rounds: (standing: StopFacts) => number, condition: Condition): Condition =>
  (s) =>
    s.round >= rounds(s) && condition(s);

interface StopRule {
  readonly reason: StopReason;
  readonly holds: Condition;
}

/** Two, because one side may have to repeat itself to answer a repetition. */
const staleRoundsToStop = 2;
const offTopicRoundsToStop = 2;

const isRoundComplete: Condition = (s) => s.isRoundComplete;
const asked = (s: StopFacts): number => s.minRounds;
const gaveIn =
  (sides: number): Condition =>
  (s) =>
    (s.conceded ?? []).length === sides;

/**
 * Rules in the fixed order of reasons: of all that hold the first is *the* reason. A concession is looked at when the
 * round is complete, so that the other side has answered it; two concessions are a consensus.
 */
export const stopRules: readonly StopRule[] = [
  { reason: 'cancelled', holds: (s) => s.isCancelled },
  { reason: 'debater_failed', holds: (s) => s.hasDebaterFailed },
  { reason: 'deadline', holds: (s) => s.at >= s.deadlineAt },
  {
    reason: 'token_budget',
    holds: or(
      (s) => s.isBudgetSpent === true,
      (s) => s.tokenBudget !== undefined && s.tokens >= s.tokenBudget,
    ),
  },
  { reason: 'conceded', holds: and(isRoundComplete, gaveIn(1)) },
  {
    reason: 'consensus',
    holds: and(
      isRoundComplete,
      or(
        gaveIn(2),
        minRounds(asked, (s) => s.isOneSided === true),
      ),
    ),
  },
  { reason: 'judge_decided_early', holds: (s) => s.isDecided === true },
  {
    reason: 'off_topic',
    holds: and(
      isRoundComplete,
      minRounds(asked, (s) => (s.offTopicRounds ?? 0) >= offTopicRoundsToStop),
    ),
  },
  {
    reason: 'redundant',
    holds: and(
      isRoundComplete,
      (s) => s.stopWhenRedundant,
      minRounds(asked, (s) => s.staleRounds >= (s.staleRoundsToStop ?? staleRoundsToStop)),
    ),
  },
  {
    reason: 'max_rounds',
    holds: and(
      isRoundComplete,
      minRounds(
        (s) => s.maxRounds,
        () => true,
      ),
    ),
  },
];

/** Every reason that holds, in order; empty while the debate goes on. */
export function reasonsToStop(standing: StopFacts): StopReason[] {
  return stopRules.filter((rule) => rule.holds(standing)).map((rule) => rule.reason);
}
