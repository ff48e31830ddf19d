import type { Fact } from '@parley/contracts';
import { type DebateStatus, debateKind, deltaV1, type Side } from '@parley/contracts/debate';
import type { Piece, Presented, TextPlace } from '../../domain/presented.ts';
import { headingOf, isCutShort, progressOf, teams, wordsOf } from '../../domain/transcript.ts';
import type { Delta } from '../../streams/hub.ts';

/** A turn, the same while it is written and when it is recorded. */
const placeOf = ({ round, side }: { round: number; side: Side }): TextPlace => ({
  id: `turn-${round}-${side}`,
  messageId: `${round}/${side}`,
  name: `${teams[side]}, round ${round}`,
  author: teams[side],
  step: `round ${round}`,
  order: round,
  before: headingOf({ round, side }),
  after: '\n\n',
  metadata: { round, side },
});

export const runStatusOf = (status: DebateStatus) => debateKind.statuses[status];

/** What a debate's fact is to every protocol. */
export function presentDebate(fact: Fact): Presented | undefined {
  switch (fact.type) {
    case 'turn-recorded.v1': {
      const { text, round, side, model, isRehearsal } = fact.data;
      return { artifact: { ...placeOf(fact.data), text, metadata: { round, side, model, isRehearsal } } };
    }
    case 'debate-paused.v1':
      return { status: runStatusOf('paused') };
    case 'debate-started.v1':
    case 'debate-resumed.v1':
      return { status: runStatusOf('debating') };
    case 'debate-stopped.v1':
      return { status: runStatusOf('judging'), words: wordsOf(fact), givesUp: true };
    case 'verdict-given.v1':
      return { words: wordsOf(fact), message: { id: 'verdict', author: 'Judge' } };
    case 'debate-closed.v1': {
      const { status: own, stopReason: reason } = fact.data;
      const status = runStatusOf(own);
      const end = { status, reason, isCutShort: isCutShort(reason), data: { status: own, stopReason: reason } };
      return { status, givesUp: true, end };
    }
    case 'model-waiting.v1': {
      const progress = progressOf(fact);
      return progress === undefined ? undefined : { progress };
    }
    default: {
      const words = wordsOf(fact);
      return words === undefined ? undefined : { words };
    }
  }
}

/** The deltas of a debate are pieces of its turns. */
export function pieceOfTurn(delta: Delta): Piece | undefined {
  const { data } = deltaV1.data.safeParse(delta);
  return data && { ...placeOf(data), offset: data.offset, text: data.text };
}
