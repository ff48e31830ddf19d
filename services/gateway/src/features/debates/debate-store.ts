import type { DebateStatus, DebateSummary, StartDebateV1, Verdict } from '@parley/contracts';
import { quoteSchema, type Sql } from '@parley/spine';

interface DebateRow {
  readonly id: string;
  readonly topic: string;
  readonly status: DebateStatus;
  readonly max_rounds: number;
  readonly created_at: Date;
  readonly closed_at: Date | null;
  readonly stop_reason: DebateSummary['stopReason'];
  readonly also_true: DebateSummary['alsoTrue'] | null;
  readonly detail: string | null;
  readonly verdict: DebateSummary['verdict'];
}

/** What one batch of events changes of a debate's summary; what is absent stays. */
export interface DebatePatch {
  readonly id: string;
  readonly tenant: string;
  readonly status?: DebateStatus;
  readonly topic?: string;
  readonly max_rounds?: number;
  readonly created_at?: string;
  readonly closed_at?: string;
  readonly stop_reason?: string;
  readonly also_true?: readonly string[];
  readonly detail?: string;
  readonly verdict?: unknown;
}

/** Which debates a page is of; what is absent is not looked at. */
export interface PageOf {
  /** The last one of the page before. */
  readonly before?: string | undefined;
  readonly statuses?: readonly DebateStatus[] | undefined;
  /** In the topic, whatever its case. */
  readonly topic?: string | undefined;
  readonly outcome?: Verdict['outcome'] | undefined;
}

const columns = 'id, topic, status, max_rounds, created_at, closed_at, stop_reason, also_true, detail, verdict';

export function debateStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    async accept(sql: Sql, tenant: string, id: string, command: StartDebateV1): Promise<DebateSummary> {
      const rows = await sql.query<DebateRow>(
        `insert into ${s}.debate (id, tenant, topic, topic_folded, status, max_rounds, created_at)
         values ($1, $2, $3, $4, 'accepted', $5, clock_timestamp()) returning ${columns}`,
        [id, tenant, command.topic, command.topic.toLowerCase(), command.maxRounds],
      );
      return summaryOf(rows[0] as DebateRow);
    },

    async find(sql: Sql, tenant: string, id: string): Promise<(DebateSummary & { detail: string | null }) | undefined> {
      const [row] = await sql.query<DebateRow>(`select ${columns} from ${s}.debate where id = $1 and tenant = $2`, [
        id,
        tenant,
      ]);
      return row === undefined ? undefined : { ...summaryOf(row), detail: row.detail };
    },

    /** Newest first; ids sort by time. */
    /** The bound is not "null or less than": a plan made without its value would read a tenant from the top for every page. */
    async page(sql: Sql, tenant: string, limit: number, { before, ...only }: PageOf): Promise<DebateSummary[]> {
      const rows = await sql.query<DebateRow>(
        `select ${columns} from ${s}.debate where tenant = $3 and id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
           and ($4::text[] is null or status = any($4))
           and ($5::text is null or strpos(coalesce(topic_folded, lower(topic)), $5) > 0)
           and ($6::text is null or verdict ->> 'outcome' = $6)
         order by id desc limit $1`,
        [limit, before ?? null, tenant, only.statuses ?? null, only.topic?.toLowerCase() ?? null, only.outcome ?? null],
      );
      return rows.map(summaryOf);
    },

    async count(sql: Sql, tenant: string, statuses?: readonly DebateStatus[]): Promise<number> {
      const [row] = await sql.query<{ n: string | number | bigint }>(
        `select count(*) as n from ${s}.debate where tenant = $1 and ($2::text[] is null or status = any($2))`,
        [tenant, statuses ?? null],
      );
      return Number(row?.n ?? 0);
    },

    /** A debate that was not accepted here (the article's route starts it elsewhere) is made from its first event. */
    async apply(sql: Sql, patches: readonly DebatePatch[]): Promise<void> {
      await sql.query(
        `insert into ${s}.debate as d (${columns}, tenant, topic_folded)
         select id, coalesce(topic, ''), coalesce(status, 'debating'), coalesce(max_rounds, 1),
           coalesce(created_at, clock_timestamp()), closed_at, stop_reason, also_true, detail, verdict, tenant, topic_folded
         from json_to_recordset($1::json) as x(id uuid, tenant text, topic text, status text, max_rounds integer,
           created_at timestamptz, closed_at timestamptz, stop_reason text, also_true json, detail text, verdict json, topic_folded text)
         on conflict (id) do update set
           status = excluded.status,
           closed_at = coalesce(excluded.closed_at, d.closed_at),
           stop_reason = coalesce(excluded.stop_reason, d.stop_reason),
           also_true = coalesce(excluded.also_true, d.also_true),
           detail = coalesce(excluded.detail, d.detail),
           verdict = coalesce(excluded.verdict, d.verdict)`,
        [JSON.stringify(patches.map((patch) => ({ ...patch, topic_folded: patch.topic?.toLowerCase() })))],
      );
    },
  };
}
export type DebateStore = ReturnType<typeof debateStore>;

function summaryOf(row: DebateRow): DebateSummary {
  return {
    id: row.id,
    topic: row.topic,
    status: row.status,
    maxRounds: row.max_rounds,
    createdAt: row.created_at.toISOString(),
    closedAt: row.closed_at?.toISOString() ?? null,
    stopReason: row.stop_reason,
    alsoTrue: row.also_true ?? [],
    verdict: row.verdict,
  };
}
