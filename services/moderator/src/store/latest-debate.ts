import { defaultTenant } from '@parley/contracts';
import { quoteSchema, type Sql } from '@parley/spine';

/** The default tenant's debate that began last; ids sort by time. */
export async function latestDebate(sql: Sql, schema: string): Promise<string | undefined> {
  const [row] = await sql.query<{ id: string }>(
    `select id from ${quoteSchema(schema)}.stream where kind = $1 and tenant = $2 order by id desc limit 1`,
    ['debate', defaultTenant],
  );
  return row?.id;
}
