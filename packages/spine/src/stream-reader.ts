import type { Json } from '@parley/contracts';
import type { Database } from './database/database.ts';
import type { Statements } from './statements.ts';

/** An event as the log holds it. */
export interface StoredEvent {
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly data: Json;
}

interface Waiting {
  readonly streams: readonly string[];
  resolve(events: StoredEvent[]): void;
  reject(thrown: unknown): void;
}

/**
 * Reads whole streams for effects. A hundred effects begin after one tick, so what is asked for while a statement
 * runs is answered by the next one together.
 */
export function createStreamReader(db: Database, sql: Statements) {
  let waiting: Waiting[] = [];
  let isRunning = false;

  async function drain(): Promise<void> {
    isRunning = true;
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        const rows = await db.query<StoredEvent>(sql.readStreams, [[...new Set(group.flatMap((one) => one.streams))]]);
        const byStream = Map.groupBy(rows, (row) => row.stream);
        for (const one of group) one.resolve(one.streams.flatMap((stream) => byStream.get(stream) ?? []));
      } catch (thrown) {
        for (const one of group) one.reject(thrown);
      }
    }
    isRunning = false;
  }

  /** The events of the streams, in the order asked for, each stream in the order of its log. */
  return (streams: readonly string[]): Promise<StoredEvent[]> =>
    new Promise((resolve, reject) => {
      waiting.push({ streams, resolve, reject });
      if (!isRunning) void drain();
    });
}
