// What a human moderator may do to a debate that goes on.
import type { DebateState, Paused } from './debate-state.ts';
import { isOpen } from './debate-state.ts';
import { accept, type Decided, refuse } from './decided.ts';
import { floor, withdrawn } from './floors.ts';

/** Pauses and notes of one debate. They are events of its log, which is bounded. */
export const maxControls = 60;

const isExhausted = (state: { readonly controls?: number | undefined }) => (state.controls ?? 0) >= maxControls;

/** Takes the floor away in the middle of a turn; a turn that has come is still looked at and recorded. */
export function pause(state: DebateState): Decided {
  if (state.phase === 'paused') return refuse('ALREADY_PAUSED');
  if (!isOpen(state)) return refuse('NOT_RUNNING');
  if (isExhausted(state)) return refuse('TOO_MANY_CONTROLS');
  const taken = state.phase === 'debating' ? { withdrawn: withdrawn(state) } : {};
  return accept([{ type: 'debate-paused.v1', data: taken }]);
}

export function resume(state: DebateState): Decided {
  if (state.phase !== 'paused') return refuse('NOT_PAUSED');
  return accept([{ type: 'debate-resumed.v1', data: { next: nextOf(state) } }]);
}

const nextOf = (state: Paused) => (state.received === undefined ? floor(state, state) : null);

export function addNote(state: DebateState, text: string): Decided {
  if (!isOpen(state)) return refuse('NOT_RUNNING');
  if (isExhausted(state)) return refuse('TOO_MANY_CONTROLS');
  return accept([{ type: 'note-added.v1', data: { text } }]);
}
