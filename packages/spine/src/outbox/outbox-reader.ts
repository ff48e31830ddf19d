import type { Message } from '@parley/contracts';
import type { Database } from '../database/database.ts';
import type { Statements } from '../statements.ts';

/** A row of the outbox and what it holds. */
export interface Posted {
  readonly pos: string;
  readonly topic: string;
  readonly messages: readonly Message[];
}

export interface OutboxReaderDeps {
  readonly db: Database;
  readonly sql: Statements;
  readonly owner: string;
}

const leaseSeconds = 10;

/** The outbox in the database, as the one relay sees it that holds its lease. */
export function createOutboxReader({ db, sql, owner }: OutboxReaderDeps) {
  /** Rows that the bus has and the table still holds. */
  let sent: string[] = [];
  return {
    sentCount: (): number => sent.length,

    /** The bus has them: the next reading forgets them. */
    hasSent(rows: readonly Posted[]): void {
      for (const { pos } of rows) sent.push(pos);
    },

    /** Forgets, and reads what is next and not `flying`; undefined while another replica sends. */
    async next(limit: number, flying: Iterable<string>): Promise<Posted[] | undefined> {
      const forgotten = sent;
      sent = [];
      try {
        const known = [...forgotten, ...flying];
        const values = [owner, leaseSeconds, limit, forgotten, known];
        const rows = await db.query<Posted | { pos: null }>(sql.nextOutbox, values);
        return rows[0]?.pos === null ? undefined : (rows as Posted[]);
      } catch (thrown) {
        sent.push(...forgotten);
        throw thrown;
      }
    },

    /** Another replica may send now. */
    async letGo(): Promise<void> {
      await db.query(sql.letGo, [owner]);
    },
  };
}
