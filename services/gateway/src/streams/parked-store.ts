import type { ParkedView } from '@parley/contracts/http';
import type { StreamParkedV1, StreamUnparkedV1 } from '@parley/contracts/spine';
import { quoteSchema, type Sql } from '@parley/spine';
import { ofTenant } from '../access/tenant.ts';

interface ParkedRow extends StreamParkedV1 {
  readonly id: string;
  readonly at: Date;
  readonly asked_at: Date | null;
}

export interface FoundParked extends ParkedView {
  readonly isOver: boolean;
}

const columns = 'key as id, service, kind, stream, input, reason, at, asked_at';

export function parkedStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    /** @returns whether the report was not known before. */
    async add(sql: Sql, tenant: string, id: string, report: StreamParkedV1, at: string): Promise<boolean> {
      const { service, kind, stream, input, reason } = report;
      const added = await sql.query(
        `insert into ${s}.parked (id, service, kind, stream, input, reason, at, tenant)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id`,
        [id, service, kind, stream, input, reason, at, tenant],
      );
      return added.length > 0;
    },

    /** @returns whether a stream that was set aside before `at` is so no more. */
    async settle(
      sql: Sql,
      { service, stream }: Pick<StreamUnparkedV1, 'service' | 'stream'>,
      at: string,
    ): Promise<boolean> {
      const settled = await sql.query(
        `update ${s}.parked set unparked_at = $3
         where service = $1 and stream = $2 and unparked_at is null and at < $3 returning id`,
        [service, stream, at],
      );
      return settled.length > 0;
    },

    async find(sql: Sql, tenant: string, id: string): Promise<FoundParked | undefined> {
      const [row] = await sql.query<ParkedRow & { is_over: boolean }>(
        `select ${columns}, unparked_at is not null as is_over from ${s}.parked where key = $1 and tenant = $2`,
        [id, tenant],
      );
      return row === undefined ? undefined : { ...viewOf(row), isOver: row.is_over };
    },

    /** @returns when that was. */
    async ask(sql: Sql, tenant: string, id: string): Promise<string> {
      const [row] = await sql.query<{ asked_at: Date }>(
        `update ${s}.parked set asked_at = clock_timestamp() where key = $1 and ${ofTenant(2)} returning asked_at`,
        [id, tenant],
      );
      return (row as { asked_at: Date }).asked_at.toISOString();
    },

    /** Reads the newest of the streams that are set aside now. */
    async newest(sql: Sql, tenant: string, limit: number): Promise<ParkedView[]> {
      const rows = await sql.query<ParkedRow>(
        `select ${columns} from ${s}.parked where tenant = $2 and unparked_at is null order by at desc limit $1`,
        [limit, tenant],
      );
      return rows.map(viewOf);
    },
  };
}
export type ParkedStore = ReturnType<typeof parkedStore>;

function viewOf({ id, service, kind, stream, input, reason, at, asked_at }: ParkedRow): ParkedView {
  const askedAt = asked_at?.toISOString() ?? null;
  return { id, service, kind, stream, input, reason, at: at.toISOString(), askedAt };
}
