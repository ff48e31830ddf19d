import type { UsageView } from '@parley/contracts/http';
import { quoteSchema, type Sql } from '@parley/spine';
import type { FactSpending } from '../domain/spending.ts';
import type { UsageRow } from '../domain/usage.ts';

interface Row {
  readonly key: string;
  readonly model: string;
  readonly input_tokens: string | number | bigint;
  readonly output_tokens: string | number | bigint;
  readonly calls: string | number | bigint;
}

const keys = { agent: 'agent', model: 'model', day: "to_char(day, 'YYYY-MM-DD')" } as const;

/** Clause by which existing rows of `usage as u` take new ones. */
export const addedUp = `on conflict (tenant, day, agent, model) do update set
  input_tokens = u.input_tokens + excluded.input_tokens,
  output_tokens = u.output_tokens + excluded.output_tokens,
  calls = u.calls + excluded.calls`;

/** What was spent; `eventStore` writes what events report. */
export function usageStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    /** Adds to the sums of a day, in the order in which `eventStore` locks them. */
    async add(sql: Sql, tenant: string, at: string, spent: readonly FactSpending[]): Promise<void> {
      if (spent.length === 0) return;
      await sql.query(
        `insert into ${s}.usage as u (tenant, day, agent, model, input_tokens, output_tokens, calls)
         select $1, ($2::timestamptz at time zone 'UTC')::date, agent, model, sum(input_tokens), sum(output_tokens), count(*)
         from unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[])
           as spent(agent, model, input_tokens, output_tokens) group by 3, 4 order by 3, 4
         ${addedUp}`,
        [
          ...[tenant, at, spent.map(({ agent }) => agent), spent.map(({ model }) => model)],
          ...[spent.map(({ inputTokens }) => inputTokens), spent.map(({ outputTokens }) => outputTokens)],
        ],
      );
    },

    /** Usage per key and model, because models have prices; days are included at both ends. */
    async between(
      sql: Sql,
      tenant: string,
      from: string,
      to: string,
      groupBy: UsageView['groupBy'],
    ): Promise<UsageRow[]> {
      const rows = await sql.query<Row>(
        `select ${keys[groupBy]} as key, model, sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens,
           sum(calls) as calls
         from ${s}.usage where tenant = $1 and day between $2::date and $3::date group by 1, 2 order by 1, 2`,
        [tenant, from, to],
      );
      return rows.map((row) => ({
        key: row.key,
        model: row.model,
        inputTokens: Number(row.input_tokens),
        outputTokens: Number(row.output_tokens),
        calls: Number(row.calls),
      }));
    },

    /** Tokens of today, and the milliseconds until the day (UTC) is over. */
    async today(sql: Sql, tenant: string): Promise<{ tokens: number; resetMs: number }> {
      const [row] = await sql.query<{ tokens: string | number | bigint; reset_ms: string | number }>(
        `select coalesce(sum(input_tokens + output_tokens), 0) as tokens,
           ceil(extract(epoch from date_trunc('day', now() at time zone 'UTC') + interval '1 day'
             - now() at time zone 'UTC') * 1000) as reset_ms
         from ${s}.usage where tenant = $1 and day = (now() at time zone 'UTC')::date`,
        [tenant],
      );
      return { tokens: Number(row?.tokens ?? 0), resetMs: Number(row?.reset_ms ?? 0) };
    },
  };
}
export type UsageStore = ReturnType<typeof usageStore>;
