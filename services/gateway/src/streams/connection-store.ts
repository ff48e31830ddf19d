import { type Database, quoteSchema, type Sql } from '@parley/spine';

/** Time for which a row counts that its process does not renew: a crash keeps places taken that long. */
export const openConnectionSeconds = 30;

export function openConnectionStore(schema: string, replica: string) {
  const s = quoteSchema(schema);
  const until = `clock_timestamp() + make_interval(secs => ${openConnectionSeconds})`;
  return {
    /** Writes that this process has `open` streams of the tenant. False, and nothing is written, if that is more than `most` together with all others'. */
    take(db: Database, tenant: string, open: number, most: number): Promise<boolean> {
      return db.transaction(async (tx) => {
        // Locked by a statement of its own: the next one sees what others have written while this one waited.
        const locked = tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
          `${schema}/streams/${tenant}`,
        ]);
        const [, taken] = await Promise.all([
          locked,
          tx.finish(
            `insert into ${s}.open_stream as o (tenant, replica, open, until)
             select $1, $2, $3::integer, ${until} where $3::integer + (select coalesce(sum(open), 0) from ${s}.open_stream
               where tenant = $1 and replica <> $2 and until > clock_timestamp()) <= $4::integer
             on conflict (tenant, replica) do update set open = excluded.open, until = excluded.until returning 1`,
            [tenant, replica, open, most],
          ),
        ]);
        return taken.length > 0;
      });
    },

    /** Writes what this process has open now, by tenant, and deletes its rows for other tenants. */
    async renew(sql: Sql, open: ReadonlyMap<string, number>): Promise<void> {
      await sql.query(
        `with mine as (select * from unnest($2::text[], $3::integer[]) as x(tenant, open)),
           gone as (delete from ${s}.open_stream where replica = $1 and tenant not in (select tenant from mine))
         insert into ${s}.open_stream (tenant, replica, open, until) select tenant, $1, open, ${until} from mine
         on conflict (tenant, replica) do update set open = excluded.open, until = excluded.until`,
        [replica, [...open.keys()], [...open.values()]],
      );
    },

    /** Forgets processes that are gone. */
    async prune(sql: Sql): Promise<void> {
      await sql.query(`delete from ${s}.open_stream where until < clock_timestamp()`);
    },
  };
}
export type OpenConnectionStore = ReturnType<typeof openConnectionStore>;
