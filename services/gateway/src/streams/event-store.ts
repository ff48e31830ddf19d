import { quoteSchema, type Sql } from '@parley/spine';
import { ofTenant } from '../access/tenant.ts';
import { spendingsOf } from '../domain/spending.ts';
import { addedUp } from './usage-store.ts';

/** An event as users get it; `seq` is the `id:` of server-sent events. */
export interface StreamEvent {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly data: unknown;
  /** The trace in which it was decided. */
  readonly traceId?: string | undefined;
}

export interface NewEvent extends StreamEvent {
  readonly kind: string;
  readonly stream_id: string;
  readonly tenant: string;
}

/** Most events of a log that is read as a whole. Each kind's own limits keep its streams below it. */
export const maxEvents = 500;

const columns = 'stream_id, tenant, seq, type, data, at, trace_id, kind';
const given =
  'unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::timestamptz[], $7::text[], $8::text[])';

export function eventStore(schema: string) {
  const s = quoteSchema(schema);
  // Cheaper than "on conflict", which writes each row in two steps. Two replicas that take in the same event at once
  // break the key, and the later one comes again.
  const isNew = (row: string) =>
    `not exists (select from ${s}.stream_event k where k.stream_id = ${row}.stream_id and k.seq = ${row}.seq)`;
  const append = `insert into ${s}.stream_event (${columns})
    select stream_id, tenant, seq, type, data::json, at, trace_id, kind
    from ${given} as x(${columns})
    where ${isNew('x')} returning stream_id || '/' || seq as name`;
  // Ordered, so that two replicas lock the sums in the same order.
  const appendCounting = `with given as (
      select * from ${given} as x(${columns})
    ), fresh as (
      insert into ${s}.stream_event as e (${columns})
      select stream_id, tenant, seq, type, data::json, at, trace_id, kind from given where ${isNew('given')}
      returning e.stream_id, e.tenant, e.seq, e.at
    ), counted as (
      insert into ${s}.usage as u (tenant, day, agent, model, input_tokens, output_tokens, calls)
      select tenant, (at at time zone 'UTC')::date, agent, model, sum(input_tokens), sum(output_tokens), count(*)
      from unnest($9::uuid[], $10::integer[], $11::text[], $12::text[], $13::bigint[], $14::bigint[])
        as spent(stream_id, seq, agent, model, input_tokens, output_tokens)
        join fresh using (stream_id, seq) group by 1, 2, 3, 4 order by 1, 2, 3, 4
      ${addedUp}
    ) select stream_id || '/' || seq as name from fresh`;
  return {
    /**
     * Takes events in, and in the same statement counts the tokens of those that were not known before.
     * @returns which those are, as `stream_id/seq`.
     * @throws a unique violation when another replica takes the same in at the same time: try again
     */
    async append(sql: Sql, events: readonly NewEvent[]): Promise<Set<string>> {
      if (events.length === 0) return new Set();
      // One delivery may hold an event twice; it would be counted twice, because the insert takes it once.
      const once = [...new Map(events.map((event) => [`${event.stream_id}/${event.seq}`, event])).values()];
      const spent = once.flatMap((event) => spendingsOf(event.data).map((one) => ({ ...one, event })));
      const values = [
        once.map((event) => event.stream_id),
        once.map((event) => event.tenant),
        once.map((event) => event.seq),
        once.map((event) => event.type),
        // As text: json_to_recordset refuses escaped NULs and halves of surrogate pairs, json itself keeps them.
        once.map((event) => JSON.stringify(event.data)),
        once.map((event) => event.at),
        once.map((event) => event.traceId ?? null),
        once.map((event) => event.kind),
      ];
      const rows =
        spent.length > 0
          ? await sql.query<{ name: string }>(appendCounting, [
              ...values,
              spent.map((one) => one.event.stream_id),
              spent.map((one) => one.event.seq),
              spent.map((one) => one.agent),
              spent.map((one) => one.model),
              spent.map((one) => one.inputTokens),
              spent.map((one) => one.outputTokens),
            ])
          : await sql.query<{ name: string }>(append, values);
      return new Set(rows.map((row) => row.name));
    },

    async after(sql: Sql, tenant: string, stream: string, seq: number, limit: number): Promise<StreamEvent[]> {
      const rows = await sql.query<{ seq: number; type: string; at: Date; data: unknown; trace_id: string | null }>(
        `select seq, type, at, data, trace_id from ${s}.stream_event
         where stream_id = $1 and seq > $2 and ${ofTenant(4)} order by seq limit $3`,
        [stream, seq, limit, tenant],
      );
      return rows.map(({ trace_id, ...row }) => ({
        ...row,
        at: row.at.toISOString(),
        ...(trace_id === null ? {} : { traceId: trace_id }),
      }));
    },
  };
}
export type EventStore = ReturnType<typeof eventStore>;
