import { type Piece, type Presented, progressOf } from '../domain/presented.ts';
import type { StreamEvent } from './event-store.ts';
import { createPartialText } from './partial-text.ts';

export interface Told {
  readonly progress: number;
  readonly message: string;
}

/** A message has all of the text so far, so the longer it is, the more must be new: together a few times its length. */
const leastNew = { characters: 40, share: 0.25 } as const;

/**
 * Events by their numbers; between two of them, as fractions that only grow, the text that is being written, each time
 * from its beginning, so that a client which missed one lacks nothing. Source: MCP 2026-07-28, Progress (it increases).
 */
export function createProgress() {
  const listening = createPartialText();
  let last = 0;
  let between = 0;
  let shown = 0;
  return {
    event({ seq, type }: Pick<StreamEvent, 'seq' | 'type'>, presented: Presented): Told {
      last = seq;
      between = 0;
      shown = 0;
      if (presented.artifact !== undefined) listening.record(presented.artifact);
      return { progress: last, message: progressOf(presented) ?? type };
    },
    piece(piece: Piece): Told | undefined {
      const { more, givenUp } = listening.hear(piece);
      if (givenUp !== undefined) shown = 0;
      const told = listening.now()?.told ?? '';
      const needed = shown === 0 ? 1 : Math.max(leastNew.characters, shown * leastNew.share);
      if (more === '' || told.length - shown < needed) return undefined;
      shown = told.length;
      between++;
      return { progress: last + between / (between + 1), message: piece.before + told };
    },
  };
}
