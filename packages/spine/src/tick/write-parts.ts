import { documents, joined, joinedTexts } from '../database/columns.ts';
import type { OutboxRow } from '../outbox/outbox-rows.ts';
import type { Batch, EffectRow } from './rows.ts';
import type { Completion } from './work.ts';

/** A batch, ready to be written: what goes into the inbox, and who may begin which effects. */
export interface Writing extends Pick<Batch, 'created' | 'changed' | 'events' | 'finished'> {
  readonly inserted: Batch['inbox'];
  readonly outbox: readonly OutboxRow[];
  /** No two of one key. */
  readonly effects: readonly EffectRow[];
  readonly leased: ReadonlySet<EffectRow>;
  readonly owner: string;
  readonly leaseMs: number;
  /** Streams that go on from what this process knows of them, and attempts that it answers: both must still hold. */
  readonly continued: readonly (Batch['changed'][number] & { readonly stamp: string })[];
  readonly completions: readonly Completion[];
}

/** What a tick does to one table. A tick's statement has only the parts that have rows: each costs the server a start. */
export interface Part {
  rows(writing: Writing): number;
  /** The parameters, in the order of `sql`. */
  readonly columns: readonly ((writing: Writing) => unknown)[];
  /** A common table expression over its parameters, `p(1)` the first of them. */
  sql(schema: string, p: (n: number) => number): string;
}

const inputs: Part = {
  rows: ({ inserted }) => inserted.length,
  columns: [
    ({ inserted }) => inserted.map(({ incoming }) => incoming.id),
    ({ inserted }) => inserted.map(({ incoming }) => incoming.stream),
    ({ inserted }) => inserted.map(({ incoming }) => incoming.kind),
    ({ inserted }) => inserted.map(({ state }) => state),
    ({ inserted }) => inserted.map(({ incoming }) => incoming.input.type),
    ({ inserted }) => joined(inserted.map(({ incoming, state }) => (state === 'parked' ? incoming.input : undefined))),
    ({ inserted }) => inserted.map(({ incoming }) => incoming.traceparent),
  ],
  sql: (s, p) => `insert into ${s}.inbox (id, stream_id, kind, state, type, data, traceparent)
    select id, stream_id, kind, state, type, data::json, traceparent
    from unnest($${p(1)}::text[], $${p(2)}::text[], $${p(3)}::text[], $${p(4)}::text[], $${p(5)}::text[],
      ${documents(p(6))}, $${p(7)}::text[]) as x(id, stream_id, kind, state, type, data, traceparent)`,
};

const created: Part = {
  rows: ({ created: rows }) => rows.length,
  columns: [
    ({ created: rows }) => rows.map(({ id }) => id),
    ({ created: rows }) => rows.map(({ tenant }) => tenant),
    ({ created: rows }) => rows.map(({ kind }) => kind),
    ({ created: rows }) => rows.map(({ version }) => version),
    ({ created: rows }) => joined(rows.map(({ state }) => state)),
    ({ created: rows }) => rows.map(({ status }) => status),
    ({ created: rows }) => rows.map((row) => row.parked_reason),
    ({ created: rows }) => rows.map((row) => row.parked_input),
    ({ created: rows }) => rows.map((row) => row.opened_by),
  ],
  sql: (
    s,
    p,
  ) => `insert into ${s}.stream (id, tenant, kind, version, state, status, parked_reason, parked_input, opened_by,
      parked_at, finished_at)
    select id, tenant, kind, version, coalesce(state::json, 'null'), status, parked_reason, parked_input, opened_by,
      case status when 'parked' then clock_timestamp() end, case status when 'finished' then clock_timestamp() end
    from unnest($${p(1)}::text[], $${p(2)}::text[], $${p(3)}::text[], $${p(4)}::integer[], ${documents(p(5))},
      $${p(6)}::text[], $${p(7)}::text[], $${p(8)}::text[], $${p(9)}::text[])
      as x(id, tenant, kind, version, state, status, parked_reason, parked_input, opened_by)
    order by id`,
};

const changed: Part = {
  rows: ({ changed: rows }) => rows.length,
  columns: [
    ({ changed: rows }) => rows.map(({ id }) => id),
    ({ changed: rows }) => rows.map(({ version }) => version),
    ({ changed: rows }) => joined(rows.map(({ state }) => state)),
    ({ changed: rows }) => rows.map(({ status }) => status),
    ({ changed: rows }) => rows.map((row) => row.parked_reason),
    ({ changed: rows }) => rows.map((row) => row.parked_input),
  ],
  sql: (
    s,
    p,
  ) => `update ${s}.stream t set version = x.version, state = coalesce(x.state::json, 'null'), status = x.status,
      parked_reason = x.parked_reason, parked_input = x.parked_input,
      parked_at = case x.status when 'parked' then clock_timestamp() end,
      finished_at = case x.status when 'finished' then coalesce(t.finished_at, clock_timestamp()) end
    from unnest($${p(1)}::text[], $${p(2)}::integer[], ${documents(p(3))}, $${p(4)}::text[], $${p(5)}::text[],
      $${p(6)}::text[]) as x(id, version, state, status, parked_reason, parked_input) where t.id = x.id`,
};

const continued: Part = {
  rows: ({ continued: rows }) => rows.length,
  columns: [
    ({ continued: rows }) => rows.map(({ id }) => id),
    ({ continued: rows }) => rows.map(({ version }) => version),
    ({ continued: rows }) => joined(rows.map(({ state }) => state)),
    ({ continued: rows }) => rows.map(({ status }) => status),
    ({ continued: rows }) => rows.map(({ stamp }) => stamp),
  ],
  sql: (s, p) => `update ${s}.stream t set version = x.version, state = x.state::json, status = x.status,
      finished_at = case x.status when 'finished' then clock_timestamp() end
    from unnest($${p(1)}::text[], $${p(2)}::integer[], ${documents(p(3))}, $${p(4)}::text[], $${p(5)}::text[])
      as x(id, version, state, status, stamp) where t.id = x.id and t.xmin = x.stamp::xid
    returning 1`,
};

/** The fence: of attempts at one effect only the one that holds its lease is heard. */
const answered: Part = {
  rows: ({ completions }) => completions.length,
  columns: [
    ({ completions }) => completions.map(({ stream }) => stream),
    ({ completions }) => completions.map(({ key }) => key),
    ({ completions }) => completions.map(({ started }) => started),
    ({ owner }) => owner,
  ],
  sql: (s, p) => `update ${s}.effect e set state = 'done', finished = e.finished + 1
    from unnest($${p(1)}::text[], $${p(2)}::text[], $${p(3)}::integer[]) as x(stream_id, key, started)
    where e.stream_id = x.stream_id and e.key = x.key and e.started = x.started
      and e.lease_owner = $${p(4)} and e.state = 'running'
    returning 1`,
};

const events: Part = {
  rows: ({ events: rows }) => rows.length,
  columns: [
    ({ events: rows }) => rows[0]?.at,
    ({ events: rows }) => rows.map((row) => row.stream_id),
    ({ events: rows }) => rows.map(({ seq }) => seq),
    ({ events: rows }) => rows.map(({ type }) => type),
    ({ events: rows }) => joined(rows.map(({ data }) => data)),
  ],
  sql: (s, p) => `insert into ${s}.event (stream_id, seq, type, data, at)
    select stream_id, seq, type, data::json, $${p(1)}::timestamptz
    from unnest($${p(2)}::text[], $${p(3)}::integer[], $${p(4)}::text[], ${documents(p(5))}) as x(stream_id, seq, type, data)`,
};

const effects: Part = {
  rows: ({ effects: rows }) => rows.length,
  columns: [
    ({ effects: rows }) => rows.map(({ stream }) => stream),
    ({ effects: rows }) => rows.map(({ key }) => key),
    ({ effects: rows }) => rows.map(({ kind }) => kind),
    ({ effects: rows }) => joined(rows.map(({ effect }) => effect)),
    ({ effects: rows }) => rows.map(({ isIdempotent }) => isIdempotent),
    ({ effects: rows, leased }) => rows.map((effect) => leased.has(effect)),
    // What is due at once is due from now on: how long it waits says how far behind the workers are.
    ({ effects: rows }) => rows.map(({ dueAt }) => dueAt),
    ({ effects: rows }) => rows.map(({ traceparent }) => traceparent),
    ({ leaseMs }) => leaseMs / 1000,
    ({ owner }) => owner,
  ],
  // The writer of a stream's effects holds its row, so nobody else can ask for the same key meanwhile.
  sql: (s, p) => `insert into ${s}.effect
      (stream_id, key, kind, data, is_idempotent, state, visible_at, lease_owner, started, traceparent)
    select stream_id, key, kind, data::json, is_idempotent, case when is_leased then 'running' else 'pending' end,
      case when is_leased then clock_timestamp() + make_interval(secs => $${p(9)})
        else coalesce(to_timestamp(due_ms / 1000), clock_timestamp()) end,
      case when is_leased then $${p(10)} end, is_leased::integer, traceparent
    from unnest($${p(1)}::text[], $${p(2)}::text[], $${p(3)}::text[], ${documents(p(4))}, $${p(5)}::boolean[],
      $${p(6)}::boolean[], $${p(7)}::float8[], $${p(8)}::text[])
      as x(stream_id, key, kind, data, is_idempotent, is_leased, due_ms, traceparent)
    where not exists (select from ${s}.effect e where e.stream_id = x.stream_id and e.key = x.key)
    returning stream_id, key, state`,
};

const dropped: Part = {
  rows: ({ finished }) => finished.length,
  columns: [({ finished }) => finished],
  sql: (s, p) => `update ${s}.effect set state = 'dropped'
    where stream_id = any($${p(1)}::text[]) and state in ('pending', 'running')`,
};

const sent: Part = {
  rows: ({ outbox }) => outbox.length,
  columns: [
    ({ outbox }) => outbox.map(({ topic }) => topic),
    ({ outbox }) => joinedTexts(outbox.map(({ text }) => text)),
  ],
  sql: (s, p) => `${insertOutbox(s, p)} returning pos`,
};

export const insertOutbox = (s: string, p: (n: number) => number): string =>
  `insert into ${s}.outbox (topic, messages)
    select topic, messages::json from unnest($${p(1)}::text[], ${documents(p(2))}) as x(topic, messages)`;

/** Parts by the names of their common table expressions, in the order of their locks. */
export const parts = { continued, answered, inputs, created, changed, events, effects, dropped, sent } satisfies Record<
  string,
  Part
>;
