import type { Instant, StopReason } from '@parley/contracts';

/** What the stop rules look at, after a turn or when something else happened. */
export interface Standing {
  readonly at: Instant;
  readonly isCancelled: boolean;
  readonly hasDebaterFailed: boolean;
  /** Both sides have spoken in the present round. */
  readonly isRoundComplete: boolean;
  readonly round: number;
  readonly deadlineAt: Instant;
  readonly tokens: number;
  readonly tokenBudget: number | undefined;
  readonly maxRounds: number;
  readonly minRounds: number;
  /** Rounds in a row, up to the present one, in which both sides said nothing new. */
  readonly staleRounds: number;
  /** How many of them end the debate; as many as the rules say if undefined. */
  readonly staleRoundsToStop?: number;
  readonly stopWhenRedundant: boolean;
}

interface StopRule {
  readonly reason: StopReason;
  holds(standing: Standing): boolean;
}

/** Two, because one side may have to repeat itself to answer a repetition. */
const staleRoundsToStop = 2;

/** In the fixed order of reasons: of all that hold the first is *the* reason. */
export const stopRules: readonly StopRule[] = [
  { reason: 'cancelled', holds: (s) => s.isCancelled },
  { reason: 'debater_failed', holds: (s) => s.hasDebaterFailed },
  { reason: 'deadline', holds: (s) => s.at >= s.deadlineAt },
  { reason: 'token_budget', holds: (s) => s.tokenBudget !== undefined && s.tokens >= s.tokenBudget },
  {
    reason: 'redundant',
    holds: (s) =>
      s.stopWhenRedundant &&
      s.isRoundComplete &&
      s.round >= s.minRounds &&
      s.staleRounds >= (s.staleRoundsToStop ?? staleRoundsToStop),
  },
  { reason: 'max_rounds', holds: (s) => s.isRoundComplete && s.round >= s.maxRounds },
];

/** Every reason that holds, in order; empty while the debate goes on. */
export function reasonsToStop(standing: Standing): StopReason[] {
  return stopRules.filter((rule) => rule.holds(standing)).map((rule) => rule.reason);
}
