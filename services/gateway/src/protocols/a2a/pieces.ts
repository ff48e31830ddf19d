import type { StreamResponse } from '@a2a-js/sdk';
import type { AgentPort } from '../../streams/agent-port.ts';
import type { StreamEvent } from '../../streams/event-store.ts';
import type { Delta } from '../../streams/hub.ts';
import { createPartialText } from '../../streams/partial-text.ts';
import { artifactNames, text } from './tasks.ts';

/**
 * A text while it is written: an artifact that grows. One that is begun anew takes the place of the old, and so does
 * the whole text when it is recorded. Without a number, for it is no event. Source: A2A 1.0 §4.2.2 (append).
 */
export function createPieces(agent: Pick<AgentPort, 'present' | 'piece'>, id: string) {
  const listening = createPartialText();
  return {
    of(delta: Delta): StreamResponse | undefined {
      const piece = agent.piece(delta);
      if (piece === undefined) return undefined;
      const { more, isFirst } = listening.hear(piece);
      if (more === '') return undefined;
      const metadata = { type: 'delta', ...piece.metadata };
      const artifact = { ...artifactNames(piece), parts: [text(more)], metadata };
      const value = { taskId: id, contextId: id, artifact, append: !isFirst, lastChunk: false, metadata };
      return { payload: { $case: 'artifactUpdate', value } };
    },
    /** Pieces of a text that come after it are left out. */
    passed(event: StreamEvent): void {
      const { artifact } = agent.present(event);
      if (artifact !== undefined) listening.record(artifact);
    },
  };
}
