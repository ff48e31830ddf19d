import { quoteSchema, type Sql } from '@parley/spine';

/** Hours for which a probe's debate can be looked at. */
const keptHours = 24;
const atOnce = 1_000;

export function probeStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    /** Takes the turn to probe if it is due: one replica a period. Says how long it is until the next. */
    async claim(sql: Sql, everySeconds: number): Promise<{ isMine: boolean; waitMs: number }> {
      // A due time further away than a period is of a longer one, before a new configuration.
      const [row] = await sql.query<{ mine: boolean; wait_ms: number }>(
        `with turn as (
           update ${s}.probe set due_at = clock_timestamp() + make_interval(secs => $1)
           where due_at <= clock_timestamp() or due_at > clock_timestamp() + make_interval(secs => $1)
           returning due_at)
         select exists (select from turn) as mine, extract(epoch from
           coalesce((select due_at from turn), (select due_at from ${s}.probe)) - clock_timestamp())::float8 * 1000
             as wait_ms`,
        [everySeconds],
      );
      return { isMine: row?.mine ?? false, waitMs: row?.wait_ms ?? everySeconds * 1_000 };
    },

    /** Forgets the debates of old probes. */
    async prune(sql: Sql): Promise<void> {
      for (;;) {
        const [row] = await sql.query<{ n: number }>(`select ${s}.forget_probe_debates($1, $2) as n`, [
          keptHours,
          atOnce,
        ]);
        if ((row?.n ?? 0) < atOnce) return;
      }
    },
  };
}
export type ProbeStore = ReturnType<typeof probeStore>;
