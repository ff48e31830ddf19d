import { topics } from '@parley/contracts';
import type { Announcement } from '@parley/spine';
import type { DebateEvent } from '../domain/debate.ts';
import type { ReplayEvent } from '../domain/replay.ts';

/** Every fact is told; one that gives the floor says in its headers what that may cost. */
export function announce({ data }: DebateEvent | ReplayEvent, stream: string): Announcement {
  const floor = 'next' in data ? data.next : null;
  const to = { topic: topics.debateEvents.name, subject: stream };
  return floor === null ? to : { ...to, deadlineAt: floor.deadlineAt, tokensLeft: floor.tokensLeft };
}
