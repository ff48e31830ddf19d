import type { Fact, Message } from '@parley/contracts';
import type { Floor, Side } from '@parley/contracts/debate';
import type { Reading } from '@parley/runtime';
import { turn } from '../domain/turn.ts';
import { turnId } from '../domain/turn-stream.ts';

/** A fact of a debate that gives this side the floor, or takes it away, is an input of that one turn. */
export function readDebateFact(fact: Fact, message: Message, mine: Side): Reading {
  const { id, subject, traceparent } = message;
  const give = (floor: Floor, opponentText: string | null): Reading => ({
    id,
    kind: turn.kind,
    stream: turnId(subject, floor.round, mine, floor.attempt),
    input: { type: 'give-floor', data: { floor, opponentText } } as { type: string },
    traceparent,
  });
  switch (fact.type) {
    case 'debate-started.v1':
      return fact.data.next.side === mine ? give(fact.data.next, null) : undefined;
    case 'turn-recorded.v1':
      return fact.data.next?.side === mine ? give(fact.data.next, fact.data.text) : undefined;
    case 'turn-rejected.v1':
    case 'debate-resumed.v1':
      // What the opponent said is in the log of the turn's first stream.
      return fact.data.next?.side === mine ? give(fact.data.next, null) : undefined;
    case 'debate-paused.v1':
    case 'debate-stopped.v1': {
      const { withdrawn } = fact.data;
      if (withdrawn?.side !== mine) return undefined;
      const stream = turnId(subject, withdrawn.round, mine, withdrawn.attempt);
      return { id, kind: turn.kind, stream, input: { type: 'withdraw-floor' }, traceparent };
    }
    default:
      return undefined;
  }
}
