// What is decided in each of the states that debate-state.ts names, and what leaves them.
import { type Decider, type Instant, waitedFor } from '@parley/contracts';
import {
  type ModelWaitingV1,
  type Side,
  type StartDebateV1,
  type TurnFailedV1,
  verdictReserveSeconds,
} from '@parley/contracts/debate';
import { addNote, pause, resume } from './debate-control.ts';
import { stop } from './debate-end.ts';
import { close, judgeAgain, judged, verdictIsDue, verdictTimer } from './debate-judging.ts';
import {
  type DebateEffect,
  type DebateEvent,
  type DebateInput,
  type DebateState,
  type Debating,
  isOpen,
  type Judgement,
  type Setup,
} from './debate-state.ts';
import { assessAgain, assessed, take } from './debate-turn.ts';
import { accept, type Decided, refuse } from './decided.ts';
import { evolveDebate } from './evolve-debate.ts';
import { floor } from './floors.ts';
import { isPoll, polled } from './poll.ts';

export type { DebateEffect, DebateEvent, DebateInput, DebateState, Judgement };

export const debate: Decider<DebateState, DebateInput, DebateEvent, DebateEffect> = {
  kind: 'debate',
  initial: () => ({ phase: 'new' }),

  decide(state, input, at): Decided {
    switch (input.type) {
      case 'start-debate.v1':
        return state.phase === 'new' ? start(input.data, at) : refuse('ALREADY_STARTED');
      case 'turn-replied.v1':
        return state.phase === 'debating' && hasFloor(state, input.data)
          ? take(state, input.data, at)
          : refuse('OUT_OF_TURN');
      case 'turn-failed.v1': {
        if (state.phase !== 'debating' || !hasFloor(state, input.data)) return refuse('OUT_OF_TURN');
        const { side, round, reason, code } = input.data;
        if (code === 'DEADLINE_PASSED') return paidFor(timeIsUp(state, at), input.data);
        const detail = `${side} in round ${round}: ${reason}`;
        const cause = code === budgetSpent ? { isBudgetSpent: true } : { hasDebaterFailed: true };
        return paidFor(stop(state, at, cause, detail), input.data);
      }
      case 'model-waiting.v1':
        return state.phase === 'debating' && input.data.awaits === 'turn' && hasFloor(state, withTurn(input.data))
          ? accept([input])
          : refuse('OUT_OF_TURN');
      case 'cancel-debate.v1':
        if (isOpen(state)) return stop(state, at, { isCancelled: true }, input.data.reason);
        return state.phase === 'judging' ? close('cancelled', 'cancelled') : refuse('NOT_RUNNING');
      case 'pause-debate.v1':
        return pause(state);
      case 'resume-debate.v1':
        return resume(state);
      case 'add-note.v1':
      case 'interject.v1':
        return addNote(state, input.data.text);
      case 'effect.succeeded':
      case 'effect.failed':
      case 'effect.outcome-unknown':
        if (input.effect === 'timer') return rung(state, input.key, at);
        if (input.effect === 'assess') return assessed(state, input, at);
        return isPoll(input) ? polled(state, input, at) : judged(state, input, at);
      default:
        input satisfies never;
        return refuse('UNKNOWN_INPUT');
    }
  },

  evolve: evolveDebate,

  isFinished: (state) => state.phase === 'closed',
};

/** A debater's word that what is left of the budget does not pay for a turn. */
const budgetSpent = 'TOKEN_BUDGET_SPENT';

const hasFloor = (state: Debating, turn: { round: number; side: Side; attempt?: number | undefined }): boolean =>
  turn.round === state.round && turn.side === state.side && (turn.attempt ?? 1) === (state.attempt ?? 1);

/** A turn that failed has cost tokens all the same: the fact that takes it back names them. */
function paidFor(decided: Decided, { usage, model }: TurnFailedV1): Decided {
  if (!decided.ok || usage === undefined) return decided;
  const spent = { usage, ...(model === undefined ? {} : { model }) };
  const events = decided.events.map((event) =>
    event.type === 'debate-stopped.v1' && event.data.withdrawn !== undefined
      ? { ...event, data: { ...event.data, withdrawn: { ...event.data.withdrawn, ...spent } } }
      : event,
  );
  return { ...decided, events };
}

function start(command: StartDebateV1, at: Instant): Decided {
  const { deadlineSeconds, ...rest } = command;
  const deadlineAt = at + deadlineSeconds * 1000;
  const setup: Setup = { ...rest, deadlineAt, verdictBy: deadlineAt + verdictReserveSeconds(deadlineSeconds) * 1000 };
  const next = floor({ setup, tokens: 0 }, { round: 1, side: 'pro' });
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

const withTurn = ({ round = 0, side = 'pro', attempt }: ModelWaitingV1) => ({ round, side, attempt });

/** Handles a timer, which was due however it was answered: a failed one must not leave a debate without an end. */
function rung(state: DebateState, key: string, at: Instant): Decided {
  const waited = waitedFor(key);
  if (waited !== undefined) return isOpen(state) ? assessAgain(state, waited, at) : judgeAgain(state, waited, at);
  return key === verdictTimer ? verdictIsDue(state) : timeIsUp(state, at);
}

function timeIsUp(state: DebateState, at: Instant): Decided {
  return isOpen(state) ? stop(state, Math.max(at, state.setup.deadlineAt), {}) : refuse('NOT_RUNNING');
}
