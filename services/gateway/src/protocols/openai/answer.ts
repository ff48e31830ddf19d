import type { AgentPort } from '../../streams/agent-port.ts';
import type { StreamEvent } from '../../streams/event-store.ts';
import type { Delta } from '../../streams/hub.ts';
import { createPartialText } from '../../streams/partial-text.ts';

/** Where the words before it do not count: a completion cannot take back what it has said. */
const anew = '\n\n*The turn was given up here and written anew:*\n\n';
const givenUp = '\n\n*The turn was given up here.*\n\n';

/**
 * An agent's work as one text that grows: pieces as they are written, then what the recorded text adds to them. Words
 * of other events wait until the text is recorded.
 */
export function createAnswer(agent: Pick<AgentPort, 'present' | 'piece'>) {
  const listening = createPartialText();
  let waiting = '';

  function taken(): string {
    const later = waiting;
    waiting = '';
    return later;
  }

  return {
    piece(delta: Delta): string {
      const piece = agent.piece(delta);
      if (piece === undefined) return '';
      const { givenUp: lost, more, isFirst } = listening.hear(piece);
      if (lost !== undefined) return anew + more;
      return isFirst ? piece.before + more : more;
    },
    event(event: StreamEvent): string {
      const { artifact, words = '', givesUp, status } = agent.present(event);
      if (artifact !== undefined) {
        const { kind, text } = listening.record(artifact);
        const said = kind === 'rest' ? text : kind === 'all' ? artifact.before + text : anew + text;
        return said + artifact.after + taken();
      }
      if (listening.now() === undefined) return words;
      waiting += words;
      if (givesUp !== true && status !== 'input-required') return '';
      listening.giveUp();
      return givenUp + taken();
    },
  };
}
