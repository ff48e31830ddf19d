import { quoteSchema, type Sql, type StoredEvent } from '@parley/spine';
import { ownTurnsKept } from '../domain/novelty.ts';

/** Turns that hold a side's own last ones and the opponent's last one, because turns alternate. */
const turnsRead = 2 * ownTurnsKept;

/** Events first looked at: those turns and what else a log has between them, such as a turn that was asked for again. */
const eventsRead = 24;

export type ReadRecent = (debate: string) => Promise<StoredEvent[]>;

/**
 * Reads the first event of a debate's log and the last ones, with as many turns as a turn is held against, in order.
 * The ends are found by the key of the log, so the last turn of a debate costs what the first ones do.
 */
export function createReadRecent(db: Sql, schema: string): ReadRecent {
  const event = `${quoteSchema(schema)}.event`;
  const ofDebate = `select stream_id as stream, seq, type, data from ${event} where stream_id = $1`;
  // By number: with "order by seq desc limit" and a type the planner reads the whole log and sorts it.
  const text = `${ofDebate} and seq = 1 union all
    ${ofDebate} and seq > greatest(1, (select max(seq) from ${event} where stream_id = $1) - $2) order by seq`;
  return async (debate) => {
    for (let wanted = eventsRead; ; wanted *= 4) {
      const events = await db.query<StoredEvent>(text, [debate, wanted]);
      const turns = events.filter(({ type }) => type === 'turn-recorded.v1').length;
      const isWhole = (events[1]?.seq ?? 2) === 2;
      if (turns >= turnsRead || isWhole) return events;
    }
  };
}
