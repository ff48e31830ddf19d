import type { StreamParkedV1 } from '@parley/contracts';
import { quoteSchema, type Sql } from '@parley/spine';

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
    async newest(sql: Sql, tenant: string, limit: number): Promise<(StreamParkedV1 & { at: string })[]> {
      const rows = await sql.query<StreamParkedV1 & { at: Date }>(
        `select service, kind, stream, input, reason, at from ${s}.parked where tenant = $2 order by at desc limit $1`,
        [limit, tenant],
      );
      return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
    },
  };
}
export type ParkedStore = ReturnType<typeof parkedStore>;
