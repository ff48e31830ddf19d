import { topics } from '@parley/contracts';
import type { Announcement } from '@parley/spine';

/** Every fact of a run is told. */
export function announce(_event: unknown, stream: string): Announcement {
  return { topic: topics.runEvents.name, subject: stream };
}
