import { quoteSchema, type Sql } from '@parley/spine';

/** The debate that began last; ids sort by time. */
export async function latestDebate(sql: Sql, schema: string): Promise<string | undefined> {
  const [row] = await sql.query<{ id: string }>(
    `select id from ${quoteSchema(schema)}.stream where kind = $1 order by id desc limit 1`,
    ['debate'],
  );
  return row?.id;
}
