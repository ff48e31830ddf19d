import type { Database } from './database/database.ts';
import type { Backlog } from './hooks.ts';
import type { Statements } from './statements.ts';

/** Count at which counting ends: a larger backlog is told by its age. */
export const backlogLimit = 10_000;

interface BacklogRow {
  readonly inputs: number;
  readonly input_s: number | null;
  readonly effects: number;
  readonly effect_s: number | null;
  readonly suspects: number;
  readonly waiting: number;
  readonly outbox: number;
  readonly outbox_s: number | null;
  readonly parked: number;
}

/** One statement over the open ends of a service's tables. Rejects like `db.query`. */
export function createBacklogReader(db: Database, sql: Statements): () => Promise<Backlog> {
  return async () => {
    const [row] = await db.query<BacklogRow>(sql.backlog, [backlogLimit]);
    if (row === undefined) throw new Error('backlog answered no row');
    return {
      inputs: row.inputs,
      oldestInputSeconds: row.input_s ?? undefined,
      effects: row.effects,
      oldestEffectSeconds: row.effect_s ?? undefined,
      suspects: row.suspects,
      waitingStreams: row.waiting,
      outbox: row.outbox,
      oldestOutboxSeconds: row.outbox_s ?? undefined,
      parkedStreams: row.parked,
    };
  };
}
