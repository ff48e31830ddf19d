// What is decided in each of the states that debate-state.ts names, and what leaves them.
import type { Fact, Floor, Instant, Process, Side, StartDebateV1 } from '@parley/contracts';
import { close, conclude, judged, standing, stop } from './debate-end.ts';
import {
  type DebateEffect,
  type DebateEvent,
  type DebateInput,
  type DebateState,
  type Debating,
  evolveDebate,
  type Judgement,
  type Setup,
} from './debate-state.ts';
import { accept, type Decided, refuse } from './decided.ts';
import { measureNovelty } from './novelty.ts';
import { sketch } from './sketch.ts';
import { reasonsToStop, type Standing } from './stop.ts';

export type { DebateEffect, DebateEvent, DebateInput, DebateState, Judgement };

export const debate: Process<DebateState, DebateInput, DebateEvent, DebateEffect> = {
  kind: 'debate',
  initial: () => ({ phase: 'new' }),

  decide(state, input, at): Decided {
    switch (input.type) {
      case 'start-debate.v1':
        return state.phase === 'new' ? start(input.data, at) : refuse('ALREADY_STARTED');
      case 'turn-replied.v1':
        return state.phase === 'debating' && hasFloor(state, input.data)
          ? record(state, input.data, at)
          : refuse('OUT_OF_TURN');
      case 'turn-failed.v1': {
        if (state.phase !== 'debating' || !hasFloor(state, input.data)) return refuse('OUT_OF_TURN');
        if (input.data.code === 'DEADLINE_PASSED') return timeIsUp(state, at);
        const detail = `${input.data.side} in round ${input.data.round}: ${input.data.reason}`;
        return stop(state, { ...standing(state, at), hasDebaterFailed: true }, detail);
      }
      case 'cancel-debate.v1':
        if (state.phase === 'debating') {
          return stop(state, { ...standing(state, at), isCancelled: true }, input.data.reason);
        }
        return state.phase === 'judging' ? close('cancelled', 'cancelled') : refuse('NOT_RUNNING');
      case 'effect.succeeded':
      case 'effect.failed':
      case 'effect.outcome-unknown':
        return input.effect === 'timer' ? timeIsUp(state, at) : judged(state, input);
      default:
        input satisfies never;
        return refuse('UNKNOWN_INPUT');
    }
  },

  evolve: evolveDebate,

  isFinished: (state) => state.phase === 'closed',
};

const hasFloor = (state: Debating, turn: { round: number; side: Side }): boolean =>
  turn.round === state.round && turn.side === state.side;

function start(command: StartDebateV1, at: Instant): Decided {
  const { deadlineSeconds, ...rest } = command;
  const setup: Setup = { ...rest, deadlineAt: at + deadlineSeconds * 1000 };
  const next = floor(setup, 1, 'pro', 0);
  return accept(
    [{ type: 'debate-started.v1', data: { ...setup, next } }],
    [
      {
        key: 'deadline',
        effect: { type: 'timer', data: { name: 'deadline' } },
        isIdempotent: true,
        dueAt: setup.deadlineAt,
      },
    ],
  );
}

function record(state: Debating, turn: Fact<'turn-replied.v1'>['data'], at: Instant): Decided {
  const { round, side, text, model, isRehearsal, usage } = turn;
  const cited = (turn.citations ?? []).length === 0 ? {} : { citations: turn.citations };
  const other: Side = side === 'pro' ? 'con' : 'pro';
  const novelty = measureNovelty(sketch(text), state.said[side], state.said[other].at(-1));
  const recorded = (next: Floor | null): Fact<'turn-recorded.v1'> => ({
    type: 'turn-recorded.v1',
    data: { round, side, text, model, isRehearsal, usage, novelty, ...cited, next },
  });
  const after = evolveDebate(state, recorded(null)) as Debating;
  const now: Standing = { ...standing(after, at), isRoundComplete: side === 'con' };
  if (reasonsToStop(now).length > 0) {
    const rounds = side === 'con' ? round : round - 1;
    return conclude(after, now, rounds, [recorded(null)], undefined);
  }
  return accept([recorded(floor(state.setup, side === 'con' ? round + 1 : round, other, after.tokens))]);
}

/** However the timer was answered, it was due: a failed one must not leave a debate without an end. */
function timeIsUp(state: DebateState, at: Instant): Decided {
  if (state.phase !== 'debating') return refuse('NOT_RUNNING');
  return stop(state, standing(state, Math.max(at, state.setup.deadlineAt)));
}

function floor(setup: Setup, round: number, side: Side, tokens: number): Floor {
  const { topic, maxRounds, deadlineAt, tokenBudget } = setup;
  const tokensLeft = tokenBudget === undefined ? {} : { tokensLeft: Math.max(0, tokenBudget - tokens) };
  return { round, side, topic, maxRounds, profile: setup.sides[side], deadlineAt, ...tokensLeft };
}
