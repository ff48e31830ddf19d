import { quoteSchema, type Sql } from '@parley/spine';

/** An event as users get it; `seq` is the `id:` of server-sent events. */
export interface DebateEvent {
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly data: unknown;
}

export interface NewEvent extends DebateEvent {
  readonly debate_id: string;
  readonly tenant: string;
}

export function eventStore(schema: string) {
  const s = quoteSchema(schema);
  return {
    /** @returns which of them were not known before, as `debate_id/seq`. */
    async append(sql: Sql, events: readonly NewEvent[]): Promise<Set<string>> {
      if (events.length === 0) return new Set();
      const rows = await sql.query<{ name: string }>(
        `insert into ${s}.debate_event (debate_id, tenant, seq, type, data, at)
         select debate_id, tenant, seq, type, data::json, at
         from unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::timestamptz[])
           as x(debate_id, tenant, seq, type, data, at)
         on conflict do nothing returning debate_id || '/' || seq as name`,
        [
          events.map((event) => event.debate_id),
          events.map((event) => event.tenant),
          events.map((event) => event.seq),
          events.map((event) => event.type),
          // As text: json_to_recordset refuses escaped NULs and halves of surrogate pairs, json itself keeps them.
          events.map((event) => JSON.stringify(event.data)),
          events.map((event) => event.at),
        ],
      );
      return new Set(rows.map((row) => row.name));
    },

    async after(sql: Sql, debate: string, seq: number, limit: number): Promise<DebateEvent[]> {
      const rows = await sql.query<{ seq: number; type: string; at: Date; data: unknown }>(
        `select seq, type, at, data from ${s}.debate_event where debate_id = $1 and seq > $2 order by seq limit $3`,
        [debate, seq, limit],
      );
      return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
    },
  };
}
export type EventStore = ReturnType<typeof eventStore>;
