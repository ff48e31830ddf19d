import type { ReplayRules, ReplayView } from '@parley/contracts';
import { quoteSchema, type Sql } from '@parley/spine';

interface ReplayRow {
  readonly id: string;
  readonly debate_id: string;
  readonly status: ReplayView['status'];
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly rules: ReplayRules;
  readonly result: ReplayView['result'];
  readonly reason: string | null;
}

/** What an event changes of a replay; what is absent stays. */
export interface ReplayPatch {
  readonly id: string;
  readonly status: ReplayView['status'];
  readonly finished_at?: string;
  readonly result?: unknown;
  readonly reason?: string;
}

const columns = 'id, debate_id, status, rules, created_at, finished_at, result, reason';

export function replayStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    async accept(sql: Sql, tenant: string, id: string, debate: string, rules: ReplayRules): Promise<ReplayView> {
      const [row] = await sql.query<ReplayRow>(
        `insert into ${s}.replay (id, tenant, debate_id, status, rules, created_at)
         values ($1, $2, $3, 'accepted', $4, clock_timestamp()) returning ${columns}`,
        [id, tenant, debate, JSON.stringify(rules)],
      );
      return viewOf(row as ReplayRow);
    },

    async find(sql: Sql, tenant: string, debate: string, id: string): Promise<ReplayView | undefined> {
      const [row] = await sql.query<ReplayRow>(
        `select ${columns} from ${s}.replay where id = $1 and debate_id = $2 and tenant = $3`,
        [id, debate, tenant],
      );
      return row === undefined ? undefined : viewOf(row);
    },

    /** Newest first; ids sort by time. */
    async newest(sql: Sql, tenant: string, debate: string, limit: number): Promise<ReplayView[]> {
      const rows = await sql.query<ReplayRow>(
        `select ${columns} from ${s}.replay where debate_id = $1 and tenant = $2 order by id desc limit $3`,
        [debate, tenant, limit],
      );
      return rows.map(viewOf);
    },

    /** False when nothing changed: a replay that is over stays as it is, whatever comes again. */
    async apply(sql: Sql, { id, status, finished_at, result, reason }: ReplayPatch): Promise<boolean> {
      const changed = await sql.query(
        `update ${s}.replay set status = $2, finished_at = $3, result = $4, reason = $5
         where id = $1 and finished_at is null returning id`,
        [id, status, finished_at ?? null, result === undefined ? null : JSON.stringify(result), reason ?? null],
      );
      return changed.length > 0;
    },
  };
}
export type ReplayStore = ReturnType<typeof replayStore>;

function viewOf(row: ReplayRow): ReplayView {
  return {
    id: row.id,
    debate: row.debate_id,
    status: row.status,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    rules: row.rules,
    result: row.result,
    reason: row.reason,
  };
}
