import type { Fact } from '@parley/contracts';
import type { Floor, Side } from '@parley/contracts/debate';
import type { Running } from './debate-state.ts';

/** The floor for a turn, with what is left of the debate's budgets and what its debater has to know. */
export function floor(state: Pick<Running, 'setup' | 'tokens' | 'notes'>, turn: Asked): Floor {
  const { topic, maxRounds, deadlineAt, tokenBudget, sides } = state.setup;
  const { round, side, attempt = 1, objection } = turn;
  return {
    round,
    side,
    topic,
    maxRounds,
    profile: sides[side],
    deadlineAt,
    ...(tokenBudget === undefined ? {} : { tokensLeft: Math.max(0, tokenBudget - state.tokens) }),
    attempt,
    ...(objection === undefined ? {} : { objection }),
    ...(state.notes === undefined ? {} : { note: [...state.notes] }),
  };
}

interface Asked {
  readonly round: number;
  readonly side: Side;
  readonly attempt?: number | undefined;
  readonly objection?: string | undefined;
}

/** The turn whose floor is taken back. */
export function withdrawn(state: Running): NonNullable<Fact<'debate-stopped.v1'>['data']['withdrawn']> {
  const { round, side, attempt } = state;
  return { round, side, ...(attempt === undefined || attempt === 1 ? {} : { attempt }) };
}
