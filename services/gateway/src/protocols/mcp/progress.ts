import { type DeltaV1, readFact } from '@parley/contracts';
import { headingOf, progressOf } from '../../domain/transcript.ts';
import { createPartialTurn } from '../partial-turn.ts';
import type { NumberedEvent } from './backend.ts';

export interface Told {
  readonly progress: number;
  readonly message: string;
}

/** A message has all of the turn so far, so the longer it is, the more must be new: together a few times its length. */
const leastNew = { characters: 40, share: 0.25 } as const;

/**
 * Events by their numbers; between two of them, as fractions that only grow, the turn that is being written, each time
 * from its beginning, so that a client which missed one lacks nothing. Source: MCP 2026-07-28, Progress (it increases).
 */
export function createProgress() {
  const listening = createPartialTurn();
  let last = 0;
  let between = 0;
  let shown = 0;
  return {
    event(event: NumberedEvent): Told {
      last = event.seq;
      between = 0;
      shown = 0;
      const read = readFact(event);
      if (read.ok && read.fact.type === 'turn-recorded.v1') listening.record(read.fact.data);
      return { progress: last, message: (read.ok ? progressOf(read.fact) : undefined) ?? event.type };
    },
    piece(delta: DeltaV1): Told | undefined {
      const { more, givenUp } = listening.hear(delta);
      if (givenUp !== undefined) shown = 0;
      const told = listening.now()?.told ?? '';
      const needed = shown === 0 ? 1 : Math.max(leastNew.characters, shown * leastNew.share);
      if (more === '' || told.length - shown < needed) return undefined;
      shown = told.length;
      between++;
      return { progress: last + between / (between + 1), message: headingOf(delta) + told };
    },
  };
}
