import { topics } from '@parley/contracts';
import type { Publish } from '@parley/spine';
import type { DebateEvent } from '../domain/debate.ts';

/** Every fact of a debate is told; one that gives the floor says in its headers what that may cost. */
export const announceDebate: Publish<DebateEvent> = ({ data }, stream) => {
  const floor = 'next' in data ? data.next : null;
  const to = { topic: topics.debateEvents.name, subject: stream };
  return floor === null ? to : { ...to, deadlineAt: floor.deadlineAt, tokensLeft: floor.tokensLeft };
};
