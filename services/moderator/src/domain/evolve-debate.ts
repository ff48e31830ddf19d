import type { Usage } from '@parley/contracts';
import { notesKept, type Side } from '@parley/contracts/debate';
import { verdictByOf } from './debate-judging.ts';
import type { DebateEvent, DebateState, Mark, Open, Running } from './debate-state.ts';
import { isOpen } from './debate-state.ts';
import { ownTurnsKept } from './novelty.ts';
import { sketch } from './sketch.ts';

/** The state is bounded: of what was said it keeps sketches of the last turns, and words only while they are assessed. */
export function evolveDebate(state: DebateState, event: DebateEvent): DebateState {
  if (event.type === 'debate-started.v1') {
    const { next, ...setup } = event.data;
    return {
      phase: 'debating',
      setup,
      round: next.round,
      side: next.side,
      said: { pro: [], con: [] },
      isProStale: false,
      staleRounds: 0,
      tokens: 0,
    };
  }
  if (event.type === 'debate-closed.v1') return { phase: 'closed' };
  if (event.type === 'judging-failed.v1') {
    return state.phase === 'judging' ? { ...state, judgings: state.judgings + 1, waitingSince: undefined } : state;
  }
  if (event.type === 'model-waiting.v1' && state.phase === 'judging') {
    return { ...state, waitingSince: event.data.since };
  }
  return isOpen(state) ? evolveOpen(state, event) : state;
}

function evolveOpen(state: Open, event: DebateEvent): DebateState {
  switch (event.type) {
    case 'turn-received.v1':
      return { ...state, phase: 'assessing', received: event.data.turn };
    case 'turn-rejected.v1': {
      const { reason, usage, assessed, next } = event.data;
      const again = {
        attempt: (state.attempt ?? 1) + 1,
        objection: reason,
        tokens: state.tokens + sum(usage, assessed),
      };
      return { ...withoutTurn(state), ...again, phase: next === null ? 'paused' : 'debating' };
    }
    case 'turn-recorded.v1':
      return recorded(state, event.data);
    case 'model-waiting.v1':
      return event.data.awaits === 'assessment' ? { ...state, waitingSince: event.data.since } : state;
    case 'debate-paused.v1': {
      const { withdrawn } = event.data;
      const controls = (state.controls ?? 0) + 1;
      const attempt = withdrawn === undefined ? state.attempt : (state.attempt ?? 1) + 1;
      return { ...state, phase: 'paused', controls, attempt };
    }
    case 'debate-resumed.v1':
      if (state.phase !== 'paused') return state;
      return state.received === undefined
        ? { ...withoutTurn(state), phase: 'debating' }
        : { ...state, received: state.received, phase: 'assessing' };
    case 'note-added.v1': {
      const notes = [...(state.notes ?? []), event.data.text].slice(-notesKept);
      return { ...state, notes, controls: (state.controls ?? 0) + 1 };
    }
    case 'debate-stopped.v1': {
      const { topic, judge } = state.setup;
      const who = judge === undefined ? {} : { judge };
      const verdictBy = verdictByOf(state.setup);
      return { phase: 'judging', topic, ...who, stopReason: event.data.stopReason, verdictBy, judgings: 1 };
    }
    default:
      return state;
  }
}

type Recorded = Extract<DebateEvent, { type: 'turn-recorded.v1' }>['data'];

function recorded(state: Open, turn: Recorded): DebateState {
  const { side, text, usage, assessed, novelty } = turn;
  const isRoundStale = side === 'con' && state.isProStale && novelty.isStale;
  const marks = marksOf(state, turn);
  const isOffTopic = side === 'con' && marks?.pro?.isOffTopic === true && marks.con?.isOffTopic === true;
  return {
    ...withoutTurn(state),
    phase: state.phase === 'paused' ? 'paused' : 'debating',
    ...following(turn),
    attempt: undefined,
    objection: undefined,
    said: { ...state.said, [side]: [...state.said[side], sketch(text)].slice(-ownTurnsKept) },
    isProStale: side === 'pro' ? novelty.isStale : state.isProStale,
    staleRounds: side === 'pro' ? state.staleRounds : isRoundStale ? state.staleRounds + 1 : 0,
    tokens: state.tokens + sum(usage, assessed),
    marks,
    offTopicRounds: side === 'pro' ? state.offTopicRounds : isOffTopic ? (state.offTopicRounds ?? 0) + 1 : undefined,
  };
}

/** Round and side of the turn after this one. */
export function following(turn: { round: number; side: Side }): { round: number; side: Side } {
  return turn.side === 'pro' ? { round: turn.round, side: 'con' } : { round: turn.round + 1, side: 'pro' };
}

/** Marks of remarkable turns; no other turn leaves one. A log written before there were marks has none either. */
function marksOf(state: Running, { side, concedes, stance, isOnTopic }: Recorded): Running['marks'] {
  const before = side === 'pro' ? undefined : state.marks;
  const mark: Mark = {
    concedes: concedes === true,
    arguesFor: stance?.side ?? side,
    isOffTopic: isOnTopic === false,
  };
  return mark.concedes || mark.isOffTopic || mark.arguesFor !== side ? { ...before, [side]: mark } : before;
}

function withoutTurn(state: Open): Running {
  if (state.phase === 'debating') return state;
  const { received: _, waitingSince: _ended, ...rest } = state;
  return rest;
}

function sum(usage: Usage, assessed: { readonly usage: Usage } | undefined): number {
  const { inputTokens = 0, outputTokens = 0 } = assessed?.usage ?? {};
  return usage.inputTokens + usage.outputTokens + inputTokens + outputTokens;
}
