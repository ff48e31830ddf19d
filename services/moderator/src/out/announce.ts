import { topics } from '@parley/contracts';
import type { Announcement } from '@parley/spine';
import type { AccuracyEvent } from '../domain/accuracy.ts';
import type { DebateEvent } from '../domain/debate.ts';
import type { ReplayEvent } from '../domain/replay.ts';

/** Announces only what a sample found. */
export function announceChecked(event: AccuracyEvent, stream: string): Announcement | undefined {
  return event.type === 'accuracy-checked.v1' ? { topic: topics.debateEvents.name, subject: stream } : undefined;
}

/** Every fact is told; one that gives the floor says in its headers what that may cost. */
export function announce({ data }: DebateEvent | ReplayEvent, stream: string): Announcement {
  const floor = 'next' in data ? data.next : null;
  const to = { topic: topics.debateEvents.name, subject: stream };
  return floor === null ? to : { ...to, deadlineAt: floor.deadlineAt, tokensLeft: floor.tokensLeft };
}
