import type { StreamResponse } from '@a2a-js/sdk';
import { type DeltaV1, readFact, type Side } from '@parley/contracts';
import type { StreamEvent } from '../../streams/event-store.ts';
import { createPartialTurn } from '../partial-turn.ts';
import { artifactNames, text } from './tasks.ts';

/**
 * A turn while it is written: an artifact that grows. One that is begun anew takes the place of the old, and so does
 * the whole turn when it is recorded. Without a number, for it is no event. Source: A2A 1.0 §4.2.2 (append).
 */
export function createPieces(id: string, side: Side | undefined) {
  const listening = createPartialTurn();
  return {
    of(delta: DeltaV1): StreamResponse | undefined {
      if (side !== undefined && delta.side !== side) return undefined;
      const { more, isFirst } = listening.hear(delta);
      if (more === '') return undefined;
      const metadata = { type: 'delta', round: delta.round, side: delta.side };
      const artifact = { ...artifactNames(delta), parts: [text(more)], metadata };
      const value = { taskId: id, contextId: id, artifact, append: !isFirst, lastChunk: false, metadata };
      return { payload: { $case: 'artifactUpdate', value } };
    },
    /** Pieces of a turn that come after it are left out. */
    passed(event: StreamEvent): void {
      const read = readFact(event);
      if (read.ok && read.fact.type === 'turn-recorded.v1') listening.record(read.fact.data);
    },
  };
}
