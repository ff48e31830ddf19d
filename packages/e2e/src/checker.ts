import type { Decider, Named } from '@parley/contracts';
import { turn } from '@parley/debater/domain/turn.ts';
import { debate } from '@parley/moderator/domain/debate.ts';
import { replay } from '@parley/moderator/domain/replay.ts';
import type { Database } from '@parley/spine';

/** One broken promise, with what breaks it. */
export interface Violation {
  readonly rule: string;
  readonly detail: string;
}

/** Of the services that run on the spine. */
export const agentSchemas = ['moderator', 'debater_a', 'debater_b'] as const;

/** Each query answers a row for every violation; none is what it should answer. `$s` is a schema. */
const everywhere: readonly (readonly [rule: string, sql: string])[] = [
  [
    'events of a stream are numbered 1..n without gaps',
    `select stream_id as detail from $s.event group by stream_id having min(seq) <> 1 or max(seq) <> count(*)`,
  ],
  [
    'a stream knows the number of its last event',
    `select s.id as detail from $s.stream s
      where s.version <> coalesce((select max(seq) from $s.event e where e.stream_id = s.id), 0)`,
  ],
  ['no stream is parked', `select id || ': ' || parked_reason as detail from $s.stream where status = 'parked'`],
  ['no input is left unhandled', `select id as detail from $s.inbox where state <> 'handled'`],
  [
    'no effect is left open',
    `select stream_id || ' ' || key as detail from $s.effect where state in ('pending', 'running')`,
  ],
  [
    'every effect is answered once',
    `select stream_id || ' ' || key || ' finished ' || finished as detail from $s.effect
      where (state = 'done' and finished <> 1) or (state = 'dropped' and finished <> 0)`,
  ],
  ['nothing is left to send', `select pos::text as detail from $s.outbox`],
];

const once: readonly (readonly [rule: string, sql: string])[] = [
  ['nothing is left to send', `select pos::text as detail from gateway.outbox`],
  [
    'a debate has one turn per round and side',
    `select stream_id || ' ' || (data->>'round') || (data->>'side') as detail from moderator.event
      where type = 'turn-recorded.v1' group by stream_id, data->>'round', data->>'side' having count(*) <> 1`,
  ],
  [
    'turns are in the order pro 1, con 1, pro 2 …',
    `select stream_id || ' turn ' || n as detail from (
        select stream_id, data->>'round' as round, data->>'side' as side,
          row_number() over (partition by stream_id order by seq) as n
        from moderator.event where type = 'turn-recorded.v1') t
      where round::int <> (n + 1) / 2 or side <> case n % 2 when 1 then 'pro' else 'con' end`,
  ],
  [
    'a closed debate has exactly one verdict, a cancelled or failed one none',
    `select c.stream_id || ' ' || (c.data->>'status') as detail from moderator.event c
      where c.type = 'debate-closed.v1' and (select count(*) from moderator.event v
        where v.stream_id = c.stream_id and v.type = 'verdict-given.v1') <> case c.data->>'status' when 'closed' then 1 else 0 end`,
  ],
  [
    'a debate is closed once, and last',
    `select stream_id as detail from moderator.event group by stream_id
      having count(*) filter (where type = 'debate-closed.v1') > 1
        or (count(*) filter (where type = 'debate-closed.v1') = 1
          and max(seq) <> max(seq) filter (where type = 'debate-closed.v1'))`,
  ],
  [
    'a closed debate has its one stop reason',
    `select stream_id as detail from moderator.event where type = 'debate-closed.v1' and data->>'stopReason' is null`,
  ],
  [
    'users see what the moderator decided',
    `select coalesce(e.stream_id, g.stream_id::text) || ' ' || coalesce(e.seq, g.seq) as detail
      from (select s.kind, e.stream_id, e.seq, e.type from moderator.event e join moderator.stream s on s.id = e.stream_id
          where s.kind in ('debate', 'replay')) e
        full join gateway.stream_event g on g.stream_id::text = e.stream_id and g.seq = e.seq
      where (e.kind, e.type) is distinct from (g.kind, g.type)`,
  ],
  [
    'users see what became of every replay',
    `select coalesce(s.id, g.id::text) as detail from (select * from moderator.stream where kind = 'replay') s
        full join (select * from gateway.stream_listing where kind = 'replay') g on g.id::text = s.id
      where (g.status is null or g.status not in ('finished', 'failed') or 1 <> (
        select count(*) from moderator.event e where e.stream_id = s.id and e.type = 'replay-' || g.status || '.v1'))`,
  ],
  [
    'what the moderator recorded is what the debater said, once',
    `select r.stream_id || ' ' || (r.data->>'round') || (r.data->>'side') as detail from moderator.event r
      cross join lateral (select r.stream_id || '/' || (r.data->>'round') || '/' || (r.data->>'side') as first) turn
      where r.type = 'turn-recorded.v1' and (
        select count(*) filter (where d.stream_id = turn.first) > 1 or count(*) = 0
        from (select * from debater_a.event union all select * from debater_b.event) d
        where d.stream_id in (turn.first, turn.first || '/2', turn.first || '/3')
          and d.type = 'turn-replied.v1' and d.data->>'text' = r.data->>'text')`,
  ],
];

/** Everything the product promises of a database at rest, checked against a ledger kept outside. */
export async function check(db: Database, acknowledged: readonly string[]): Promise<Violation[]> {
  const violations: Violation[] = [];
  const run = async (rule: string, sql: string): Promise<void> => {
    for (const { detail } of await db.query<{ detail: string }>(`${sql} limit 5`)) violations.push({ rule, detail });
  };
  for (const schema of agentSchemas) {
    for (const [rule, sql] of everywhere) await run(`${schema}: ${rule}`, sql.replaceAll('$s', schema));
  }
  for (const [rule, sql] of once) await run(rule, sql);

  const closed = await db.query<{ id: string }>(
    `select stream_id as id from moderator.event where type = 'debate-closed.v1'`,
  );
  const isClosed = new Set(closed.map((row) => row.id));
  for (const id of acknowledged) {
    if (!isClosed.has(id)) violations.push({ rule: 'an acknowledged debate comes to its end', detail: id });
  }
  const known = new Set(acknowledged);
  for (const id of isClosed) {
    if (!known.has(id)) violations.push({ rule: 'one wish is one debate', detail: id });
  }
  for (const decider of [debate, replay]) violations.push(...(await checkFolds(db, 'moderator', decider)));
  for (const schema of ['debater_a', 'debater_b']) violations.push(...(await checkFolds(db, schema, turn)));
  return violations;
}

/** The state that a stream has is what its events make of it. */
async function checkFolds(
  db: Database,
  schema: string,
  // biome-ignore lint/suspicious/noExplicitAny: any decider will do.
  decider: Decider<any, any, any, any>,
): Promise<Violation[]> {
  const streams = await db.query<{ id: string; state: unknown }>(
    `select id, state from ${schema}.stream where version > 0 and kind = $1`,
    [decider.kind],
  );
  const events = await db.query<Named & { stream_id: string; data: unknown }>(
    `select stream_id, type, data from ${schema}.event order by stream_id, seq`,
  );
  const byStream = Map.groupBy(events, (event) => event.stream_id);
  return streams
    .filter(({ id, state }) => {
      const folded = (byStream.get(id) ?? []).reduce((s, e) => decider.evolve(s, e), decider.initial());
      return JSON.stringify(sorted(folded)) !== JSON.stringify(sorted(state));
    })
    .map(({ id }) => ({ rule: `${schema}: fold(events) = state`, detail: id }));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
