import { type DeltaV1, type Fact, readFact, type Side } from '@parley/contracts';
import { headingOf, wordsOf } from '../../domain/transcript.ts';
import type { StreamEvent } from '../../streams/event-store.ts';
import { createPartialTurn } from '../partial-turn.ts';

/** Where the words before it do not count: a completion cannot take back what it has said. */
const anew = '\n\n*The turn was given up here and written anew:*\n\n';
const givenUp = '\n\n*The turn was given up here.*\n\n';

/**
 * A debate as one text that grows: pieces as they are written, then what the recorded turn adds to them. Of one side
 * only its turn, without a heading. Words of other events wait until the turn is recorded.
 */
export function createAnswer(side: Side | undefined) {
  const listening = createPartialTurn();
  let waiting = '';

  const isTold = (one: { side: Side }): boolean => side === undefined || one.side === side;
  const begin = (turn: { round: number; side: Side }): string => (side === undefined ? headingOf(turn) : '');
  const end = side === undefined ? '\n\n' : '';

  function turnOf(turn: Fact<'turn-recorded.v1'>['data']): string {
    const { kind, text } = listening.record(turn);
    const words = kind === 'rest' ? text : kind === 'all' ? begin(turn) + text : anew + text;
    const later = waiting;
    waiting = '';
    return words + end + later;
  }

  return {
    piece(delta: DeltaV1): string {
      if (!isTold(delta)) return '';
      const { givenUp, more, isFirst } = listening.hear(delta);
      if (givenUp !== undefined) return anew + more;
      return isFirst ? begin(delta) + more : more;
    },
    event(event: StreamEvent): string {
      const read = readFact(event);
      if (!read.ok) return '';
      const { fact } = read;
      if (fact.type === 'turn-recorded.v1') return isTold(fact.data) ? turnOf(fact.data) : '';
      const words = side === undefined ? (wordsOf(fact) ?? '') : '';
      const isOver = fact.type === 'debate-stopped.v1' || fact.type === 'debate-closed.v1';
      if (listening.now() === undefined) return words;
      waiting += words;
      if (!isOver) return '';
      listening.giveUp();
      const later = waiting;
      waiting = '';
      return givenUp + later;
    },
  };
}
