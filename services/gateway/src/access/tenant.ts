import type { Database, Sql } from '@parley/spine';

/** Tenant of what the service does itself, such as projecting the events of all tenants. */
export const everyTenant = '*';

/**
 * Condition in a statement that holds it to one tenant, as the policies do: `$n` is the tenant or `everyTenant`.
 * Row-level security is the second lock and not the only one: the embedded database's one role is above it.
 */
export const ofTenant = (n: number): string => `$${n} in (tenant, '${everyTenant}')`;

/** Limits the rest of the transaction to the rows of one tenant; row-level security holds it to that. */
export function actFor(tx: Sql, tenant: string): Promise<unknown> {
  return tx.query(`select set_config('parley.tenant', $1, true)`, [tenant]);
}

/** Statements outside of transactions, each on behalf of one tenant. */
export function onBehalfOf(db: Database, tenant: string): Sql {
  return {
    query: <Row>(text: string, values: readonly unknown[] = []) =>
      db.transaction(async (tx) => {
        const [, rows] = await Promise.all([actFor(tx, tenant), tx.finish<Row>(text, values)]);
        return rows;
      }),
  };
}
