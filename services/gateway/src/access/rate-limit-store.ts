import { quoteSchema, type Sql } from '@parley/spine';

/** Forgets the minutes that are over. */
export async function pruneRateLimits(sql: Sql, schema: string): Promise<void> {
  await sql.query(
    `delete from ${quoteSchema(schema)}.rate_limit where expire < extract(epoch from clock_timestamp()) * 1000`,
    [],
  );
}
