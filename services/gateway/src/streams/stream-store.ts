import { quoteSchema, type Sql } from '@parley/spine';
import { ofTenant } from '../access/tenant.ts';

/** What lists and views show of a stream. `Summary` is the form of its kind. */
export interface Listed<Summary extends object = object> {
  /** Status in the words of its kind. */
  readonly status: string;
  readonly title: string;
  readonly summary: Summary;
  /** RFC 3339, as all times here. */
  readonly createdAt: string;
  /** Time at which its last fact was decided; null while more may follow. */
  readonly closedAt: string | null;
  /** The stream that it belongs to. */
  readonly parent: string | null;
}

/** A stream as it is stored. */
export interface StreamRow<Summary extends object = object> extends Listed<Summary> {
  readonly id: string;
  readonly kind: string;
  readonly tenant: string;
}

/** Which streams a page shows; an absent field does not restrict it. */
export interface PageOf {
  readonly kinds: readonly string[];
  /** The last id of the page before. */
  readonly before?: string | undefined;
  readonly statuses?: readonly string[] | undefined;
  /** Part of the title, in any case. */
  readonly title?: string | undefined;
  /** A value within the summary, and the path to it. */
  readonly where?: { readonly path: readonly string[]; readonly is: string } | undefined;
}

interface DbRow {
  readonly id: string;
  readonly kind: string;
  readonly tenant: string;
  readonly status: string;
  readonly title: string;
  readonly summary: object;
  readonly parent: string | null;
  readonly created_at: Date;
  readonly closed_at: Date | null;
}

const columns = 'id, kind, tenant, status, title, summary, parent, created_at, closed_at';
/** A bound that is no bound: a plan for "null or less than" would read a tenant from the top for every page. */
const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Streams of every kind, as their logs tell them. */
export function streamStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    /** Adds a stream that was accepted and has no fact yet. */
    async accept(
      sql: Sql,
      { id, kind, tenant, ...row }: Omit<StreamRow, 'createdAt' | 'closedAt'>,
    ): Promise<StreamRow> {
      const rows = await sql.query<DbRow>(
        `insert into ${s}.stream_listing (id, kind, tenant, status, title, title_folded, summary, parent, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp()) returning ${columns}`,
        [id, kind, tenant, row.status, row.title, row.title.toLowerCase(), JSON.stringify(row.summary), row.parent],
      );
      return rowOf(rows[0] as DbRow);
    },

    async find(sql: Sql, tenant: string, kind: string, id: string): Promise<StreamRow | undefined> {
      const [row] = await sql.query<DbRow>(
        `select ${columns} from ${s}.stream_listing where id = $1 and kind = $2 and tenant = $3`,
        [id, kind, tenant],
      );
      return row === undefined ? undefined : rowOf(row);
    },

    /** Newest first; ids sort by time. Each kind is read from its own end of one index. */
    async page(sql: Sql, tenant: string, limit: number, { kinds, before, ...only }: PageOf): Promise<StreamRow[]> {
      const rows = await sql.query<DbRow>(
        `select listed.* from unnest($1::text[]) as k(kind) cross join lateral (
           select ${columns} from ${s}.stream_listing where tenant = $2 and kind = k.kind
             and id < coalesce($3::uuid, '${highest}')
             and ($5::text[] is null or status = any($5))
             and ($6::text is null or strpos(title_folded, $6) > 0)
             and ($7::text[] is null or summary #>> $7 = $8)
           order by id desc limit $4) as listed
         order by listed.id desc limit $4`,
        [
          ...[kinds, tenant, before ?? null, limit, only.statuses ?? null, only.title?.toLowerCase() ?? null],
          ...[only.where?.path ?? null, only.where?.is ?? null],
        ],
      );
      return rows.map(rowOf);
    },

    /** Streams that belong to another one, newest first. */
    async children(sql: Sql, tenant: string, kind: string, parent: string, limit: number): Promise<StreamRow[]> {
      const rows = await sql.query<DbRow>(
        `select ${columns} from ${s}.stream_listing where parent = $1 and kind = $2 and tenant = $3 order by id desc limit $4`,
        [parent, kind, tenant, limit],
      );
      return rows.map(rowOf);
    },

    async count(sql: Sql, tenant: string, kind: string, statuses?: readonly string[]): Promise<number> {
      const [row] = await sql.query<{ n: string | number | bigint }>(
        `select count(*) as n from ${s}.stream_listing
         where tenant = $1 and kind = $2 and ($3::text[] is null or status = any($3))`,
        [tenant, kind, statuses ?? null],
      );
      return Number(row?.n ?? 0);
    },

    /** Streams by their ids, locked for the transaction, always in the same order. */
    async lock(sql: Sql, tenant: string, ids: readonly string[]): Promise<Map<string, StreamRow>> {
      if (ids.length === 0) return new Map();
      const rows = await sql.query<DbRow>(
        `select ${columns} from ${s}.stream_listing where id = any($1::uuid[]) and ${ofTenant(2)} order by id for update`,
        [ids, tenant],
      );
      return new Map(rows.map((row) => [row.id, rowOf(row)]));
    },

    /** Writes streams as their facts have made them; one that was not accepted here is added. */
    async write(sql: Sql, rows: readonly StreamRow[]): Promise<void> {
      await sql.query(
        `insert into ${s}.stream_listing as known
           (id, kind, tenant, status, title, title_folded, summary, parent, created_at, closed_at)
         select id, kind, tenant, status, title, title_folded, summary::json, parent, created_at, closed_at
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
           $9::timestamptz[], $10::timestamptz[])
           as x(id, kind, tenant, status, title, title_folded, summary, parent, created_at, closed_at)
         on conflict (id) do update set status = excluded.status, title = excluded.title,
           title_folded = excluded.title_folded, summary = excluded.summary, closed_at = excluded.closed_at
         where known.tenant = excluded.tenant and known.kind = excluded.kind`,
        [
          ...[rows.map(({ id }) => id), rows.map(({ kind }) => kind), rows.map(({ tenant }) => tenant)],
          ...[rows.map(({ status }) => status), rows.map(({ title }) => title)],
          rows.map(({ title }) => title.toLowerCase()),
          rows.map(({ summary }) => JSON.stringify(summary)),
          ...[rows.map(({ parent }) => parent), rows.map(({ createdAt }) => createdAt)],
          rows.map(({ closedAt }) => closedAt),
        ],
      );
    },
  };
}
export type StreamStore = ReturnType<typeof streamStore>;

function rowOf({ created_at, closed_at, ...row }: DbRow): StreamRow {
  return { ...row, createdAt: created_at.toISOString(), closedAt: closed_at?.toISOString() ?? null };
}
