import { timerEffect } from '../kind.ts';
import { suspicion } from './suspicion.ts';

// What is due by the moment the statement began can be found by the index, what is due by `clock_timestamp()` cannot.

/** The effect is a timer. It runs no code from outside, which alone ends processes, so it is never charged. */
const isTimer = `data->>'type' = '${timerEffect}'`;
/** The process of the effect is gone. One that reclaims its own effect, after the database was away, has not ended. */
const isOrphan = `(state = 'running' and lease_owner <> $1)`;
/** The effect is charged with that. A suspect that was taken and still waited to be alone had not begun. */
const hasCrashed = `(${isOrphan} and (crashes < ${suspicion.suspectFrom} or is_alone) and not (${isTimer}))`;
const one = (condition: string) => `case when ${condition} then 1 else 0 end`;
/** Crashes, with the one that this claim finds. */
const crashes = `crashes + ${one(hasCrashed)}`;
const own = one(`is_alone and ${hasCrashed}`);
/** The effect is poison: its answer is known without trying. */
const isPoison = `(crashes_alone + ${own} >= ${suspicion.poisonFrom} or crashes_alone_ever + ${own} >= ${suspicion.poisonFromEver})`;
/** The effect is a suspect. One that may not be repeated is answered after its first crash instead. */
const isSuspect = `crashes > 0 and ${crashes} >= ${suspicion.suspectFrom} and not ${isPoison}
          and (is_idempotent or state = 'pending')`;
const isOpen = `state in ('pending', 'running')`;

/**
 * Takes what is due, charges what was in flight when its process ended, and clears the suspects that were not. $1 owner,
 * $2 how many at most beside a suspect, $3 seconds of lease, $4 how many suspects (0 or 1), $5 whether only what runs no
 * code from outside. A suspect that has crashed alone is taken first, to be charged, then the one with the fewest crashes
 * of its own: so kills from outside are spread over many. A suspect that is taken is taken alone. `s` is the quoted schema.
 */
export function claimText(s: string): string {
  const columns = `stream_id, key, state, coalesce(${hasCrashed}, false) as has_crashed, is_alone as was_alone, lease_owner as was_of`;
  return `with suspect as materialized (
        select ${columns} from ${s}.effect
        where ${isOpen} and visible_at <= statement_timestamp() and ${isSuspect}
        order by ${own} desc, crashes_alone, crashes_alone_ever, visible_at limit $4 for update skip locked
      ), due as materialized (
        select ${columns} from ${s}.effect
        where ${isOpen} and visible_at <= statement_timestamp() and not (${isSuspect})
          and (not ($5::boolean or exists (select from suspect)) or ${isTimer} or (crashes > 0 and ${isPoison}))
        order by visible_at limit $2 for update skip locked
      ), taken as (select * from suspect union all select * from due),
      crashed as (select distinct was_of from taken where has_crashed),
      others as (
        select stream_id, key from ${s}.effect e
        where exists (select from crashed) and ${isOpen} and ${isSuspect}
          and (state = 'pending' or (${isOrphan} and not is_alone and visible_at <= statement_timestamp()
            and lease_owner not in (select was_of from crashed)))
          and not exists (select from taken t where t.stream_id = e.stream_id and t.key = e.key)
        for update skip locked
      ), cleared as (
        update ${s}.effect e set crashes = 1, crashes_alone = 0, state = 'pending', lease_owner = null,
          visible_at = least(e.visible_at, clock_timestamp())
        from others where e.stream_id = others.stream_id and e.key = others.key
      ), claimed as (
        update ${s}.effect e set state = 'running', lease_owner = $1, started = e.started + 1,
          visible_at = clock_timestamp() + make_interval(secs => $3), is_alone = false,
          crashes = e.crashes + ${one('t.has_crashed')},
          crashes_alone = e.crashes_alone + ${one('t.has_crashed and e.is_alone')},
          crashes_alone_ever = e.crashes_alone_ever + ${one('t.has_crashed and e.is_alone')}
        from taken t
        where e.stream_id = t.stream_id and e.key = t.key
        returning e.stream_id, e.key, e.kind, (select tenant from ${s}.stream where id = e.stream_id) as tenant, e.data,
          e.is_idempotent, e.started, e.traceparent, e.crashes, e.crashes_alone, e.crashes_alone_ever, t.has_crashed,
          t.was_alone, t.state as was
      )
      select *, null::float8 as next_ms from claimed
      union all
      select null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        (select extract(epoch from min(visible_at) - clock_timestamp()) * 1000 from ${s}.effect
          where ${isOpen} and visible_at > statement_timestamp())`;
}
