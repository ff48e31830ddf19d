import { modelWait } from '@parley/contracts';
import { quoteSchema } from './database/database.ts';
import { claimText } from './effects/claim-text.ts';
import { suspicion } from './effects/suspicion.ts';
import { timerEffect } from './kind.ts';
import { insertOutbox } from './tick/write-parts.ts';
import { createWriter } from './tick/writer.ts';

/**
 * The statements of one service's spine. Rows travel as one array a column, so a tick is a constant number of
 * statements however many streams it serves.
 */
export function statements(schema: string) {
  const s = quoteSchema(schema);
  return {
    /** Locks streams in the order of ids, so that two ticks never wait for each other in a circle. */
    lockStreams: `select id, tenant, kind, version, state, status, opened_by as "openedBy" from ${s}.stream where id = any($1)
      order by id for update`,

    lockPending: `select id, tenant, kind, version, state, status, opened_by as "openedBy" from ${s}.stream
      where status = 'active' and id in (select stream_id from ${s}.inbox where state = 'pending' limit $1)
      order by id for update skip locked`,

    pendingStreams: `select distinct stream_id as id from ${s}.inbox where state = 'pending' limit $1`,

    /**
     * Reads, under the streams' locks, what else is known now. Every tick that handles an input holds the
     * lock of its stream, so this statement's snapshot sees every earlier handling.
     */
    readTickInputs: `with fenced as (
        update ${s}.effect e set state = 'done', finished = e.finished + 1
        from json_to_recordset($3::json) as x(stream_id text, key text, started integer)
        where e.stream_id = x.stream_id and e.key = x.key and e.started = x.started
          and e.lease_owner = $4 and e.state = 'running'
        returning e.stream_id, e.key
      )
      select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as at,
        (select json_agg(i.id) from ${s}.inbox i where i.id = any($1)) as seen,
        (select json_agg(json_build_object('id', p.id, 'stream', p.stream_id, 'kind', p.kind, 'type', p.type,
            'data', p.data, 'traceparent', p.traceparent) order by p.pos)
          from ${s}.inbox p where p.stream_id = any($2) and p.state = 'pending') as pending,
        (select json_agg(json_build_array(f.stream_id, f.key)) from fenced f) as fenced`,

    /** What a tick writes, in one statement. */
    write: createWriter(s),

    settleInbox: `update ${s}.inbox i set state = x.state, data = case x.state when 'handled' then null else i.data end
      from json_to_recordset($1::json) as x(id text, state text) where i.id = x.id`,

    claim: claimText(s),

    /** The fence, and from now on an end of this process is this effect's own. */
    markAlone: `update ${s}.effect set is_alone = true
      where stream_id = $2 and key = $3 and started = $4 and lease_owner = $1 and state = 'running' returning 1`,

    /** Lets others go first for $5 seconds. */
    stepBack: `update ${s}.effect set state = 'pending', lease_owner = null, started = started - 1,
        visible_at = clock_timestamp() + make_interval(secs => $5)
      where stream_id = $2 and key = $3 and started = $4 and lease_owner = $1 and state = 'running'`,

    /** Makes timers that were not due at $2 become due $1 seconds later. */
    shiftTimers: `update ${s}.effect set visible_at = visible_at + make_interval(secs => $1)
      where state = 'pending' and visible_at > to_timestamp($2::float8 / 1000)`,

    /** Timers of that name become due now, of streams that nobody ends at this moment. */
    wake: `update ${s}.effect set visible_at = clock_timestamp()
      where (stream_id, key) in (select stream_id, key from ${s}.effect
        where state = 'pending' and visible_at > clock_timestamp() and data ->> 'type' = '${timerEffect}'
          and data -> 'data' ->> 'name' = $1 for update skip locked)`,

    renew: `update ${s}.effect e set visible_at = clock_timestamp() + make_interval(secs => $3)
      from (select stream_id, key from ${s}.effect e2
        join json_to_recordset($2::json) as x(stream_id text, key text, started integer)
          using (stream_id, key, started)
        where e2.lease_owner = $1 and e2.state = 'running' for update of e2 skip locked) mine
      where e.stream_id = mine.stream_id and e.key = mine.key`,

    stillMine: `select e.stream_id, e.key, e.started from ${s}.effect e
      join json_to_recordset($2::json) as x(stream_id text, key text, started integer) using (stream_id, key, started)
      where e.lease_owner = $1 and e.state = 'running'`,

    /**
     * Gives leases back before they end. What was begun and may not be repeated stays running: the next replica that
     * claims it answers "outcome unknown". It has no owner, so nobody is charged.
     */
    release: `update ${s}.effect e set visible_at = clock_timestamp(),
        state = case when e.is_idempotent or not x.begun then 'pending' else 'running' end,
        started = case when e.is_idempotent or not x.begun then e.started - 1 else e.started end,
        lease_owner = null, is_alone = false
      from json_to_recordset($2::json) as x(stream_id text, key text, started integer, begun boolean)
      where e.stream_id = x.stream_id and e.key = x.key and e.started = x.started
        and e.lease_owner = $1 and e.state = 'running'`,

    /** Takes over where no other process can hold a lease: whatever runs belongs to a process that is gone. */
    takeOver: `with r as (update ${s}.relay set owner = 'nobody', until = '-infinity')
      update ${s}.effect set visible_at = clock_timestamp() where state = 'running'`,

    /**
     * Forgets what was sent, holds or takes the relay's lease, and reads on, past what is known; a row of nulls says that another
     * replica holds it. One commit, and nobody waits
     * for this commit to reach the disk: a deletion that is lost sends again what readers know by its id.
     */
    nextOutbox: `with hurry as (select set_config('synchronous_commit', 'off', true)),
      sent as (delete from ${s}.outbox where pos = any($4) and (select count(*) from hurry) = 1),
      held as (
        update ${s}.relay set owner = $1, until = clock_timestamp() + make_interval(secs => $2)
        where until < clock_timestamp() + case owner when $1 then make_interval(secs => $2 / 2.0) else interval '0' end
        returning 1
      ),
      may as (select exists (select from held)
        or exists (select from ${s}.relay where owner = $1 and until > clock_timestamp()) as send)
      (select pos, topic, messages from ${s}.outbox
        where (select send from may) and pos <> all($5) order by pos limit $3)
      union all select null, null, null where not (select send from may)`,
    letGo: `update ${s}.relay set until = '-infinity' where owner = $1`,
    enqueue: insertOutbox(s, (n) => n),

    findStream: `select kind, tenant, status from ${s}.stream where id = $1 for update`,
    now: 'select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as at',

    unpark: `with u as (update ${s}.stream set status = 'active', parked_reason = null, parked_input = null, parked_at = null
        where id = $1 and status = 'parked' returning id)
      update ${s}.inbox set state = 'pending' where state = 'parked' and stream_id in (select id from u)`,

    /** Counts and ages of open work. Every part reads at most $1 entries of an index over what is open. */
    backlog: `select
        (select count(*)::integer from (select from ${s}.inbox where state = 'pending' limit $1) i) as inputs,
        (select extract(epoch from clock_timestamp() - min(at))::float8
          from (select at from ${s}.inbox where state = 'pending' limit $1) i) as input_s,
        (select count(*)::integer from (select from ${s}.effect
          where state = 'pending' and visible_at <= clock_timestamp() limit $1) e) as effects,
        (select extract(epoch from clock_timestamp() - visible_at)::float8 from ${s}.effect
          where state = 'pending' and visible_at <= clock_timestamp() order by visible_at limit 1) as effect_s,
        (select count(*)::integer from (select from ${s}.effect
          where crashes > 0 and state in ('pending', 'running') and crashes >= ${suspicion.suspectFrom} limit $1) e) as suspects,
        (select count(*)::integer from (select from ${s}.effect
          where state = 'pending' and data -> 'data' ->> 'name' = '${modelWait}' limit $1) e) as waiting,
        (select count(*)::integer from (select from ${s}.outbox limit $1) o) as outbox,
        (select extract(epoch from clock_timestamp() - at)::float8 from ${s}.outbox order by pos limit 1) as outbox_s,
        (select count(*)::integer from (select from ${s}.stream where parked_at is not null limit $1) p) as parked`,

    readStreams: `select stream_id as stream, seq, type, data from ${s}.event where stream_id = any($1)
      order by stream_id, seq`,
  };
}
export type Statements = ReturnType<typeof statements>;
