-- The service may add to its log and never take from it, but for the debates that Parley holds with itself: a function
-- that runs as the schema's owner, and knows of no other tenant. What a probe waits for or is parked with stays.
create index stream_of_probe on stream (id) where tenant = 'parley-probe';
create function forget_probes(hours integer, at_once integer) returns integer language sql security definer begin atomic
  with old as (select id from stream where tenant = 'parley-probe' and status = 'finished'
      and finished_at < clock_timestamp() - make_interval(hours => hours) limit at_once for update skip locked),
    events as (delete from event where stream_id in (select id from old)),
    effects as (delete from effect where stream_id in (select id from old)),
    gone as (delete from stream where id in (select id from old) returning 1)
  select count(*)::integer from gone;
end;
comment on function forget_probes is 'Forgets finished streams of probes with their events: so many at most, that finished so many hours ago. Answers how many.';
