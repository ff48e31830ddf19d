import { timerEffect } from './kind.ts';
import { suspicion } from './suspicion.ts';

// What is due by the moment the statement began can be found by the index, what is due by `clock_timestamp()` cannot.

/** Only code from outside ends processes: a timer runs none, and is never charged. */
const isTimer = `data->>'type' = '${timerEffect}'`;
/** The process that held it is gone. One that reclaims its own effect, after the database was away, has not ended. */
const hasCrashed = `(state = 'running' and lease_owner <> $1 and not (${isTimer}))`;
/** Counted with the crash that this claim finds. */
const crashes = `crashes + case when ${hasCrashed} then 1 else 0 end`;
const crashesAlone = `crashes_alone + case when is_alone and ${hasCrashed} then 1 else 0 end`;
/** Its answer is known without trying. */
const isPoison = `${crashesAlone} >= ${suspicion.poisonFrom}`;
const isSuspect = `crashes > 0 and ${crashes} >= ${suspicion.suspectFrom} and ${crashesAlone} < ${suspicion.poisonFrom}
          and (is_idempotent or state = 'pending')`;

/**
 * Takes what is due. $1 owner, $2 how many at most beside a suspect, $3 seconds of lease, $4 how many suspects (0 or 1),
 * $5 whether only what runs no code from outside. Of suspects the one with the fewest crashes of its own comes first:
 * so kills from outside are spread over many. A suspect that is taken is taken alone. `s` is the quoted schema.
 */
export function claimText(s: string): string {
  return `with suspect as materialized (
        select stream_id, key, state, ${hasCrashed} as has_crashed, is_alone as was_alone from ${s}.effect
        where state in ('pending', 'running') and visible_at <= statement_timestamp() and ${isSuspect}
        order by ${crashesAlone}, visible_at limit $4 for update skip locked
      ), due as (
        select stream_id, key, state, ${hasCrashed} as has_crashed, is_alone as was_alone from ${s}.effect
        where state in ('pending', 'running') and visible_at <= statement_timestamp() and not (${isSuspect})
          and (not ($5::boolean or exists (select from suspect)) or ${isTimer} or (crashes > 0 and ${isPoison}))
        order by visible_at limit $2 for update skip locked
      ), claimed as (
        update ${s}.effect e set state = 'running', lease_owner = $1, started = e.started + 1,
          visible_at = clock_timestamp() + make_interval(secs => $3), is_alone = false,
          crashes = e.crashes + case when d.has_crashed then 1 else 0 end,
          crashes_alone = e.crashes_alone + case when d.has_crashed and e.is_alone then 1 else 0 end
        from (select * from suspect union all select * from due) d
        where e.stream_id = d.stream_id and e.key = d.key
        returning e.stream_id, e.key, e.kind, (select tenant from ${s}.stream where id = e.stream_id) as tenant, e.data,
          e.is_idempotent, e.started, e.traceparent, e.crashes, e.crashes_alone, coalesce(d.has_crashed, false) as has_crashed,
          d.was_alone, d.state as was
      )
      select *, null::float8 as next_ms from claimed
      union all
      select null, null, null, null, null, null, null, null, null, null, null, null, null,
        (select extract(epoch from min(visible_at) - clock_timestamp()) * 1000 from ${s}.effect
          where state in ('pending', 'running') and visible_at > statement_timestamp())`;
}
