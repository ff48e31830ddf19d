create table probe (
  id boolean primary key default true check (id),
  due_at timestamptz not null
);
comment on table probe is 'When the next probe is due, for all replicas: who moves it on holds the probe.';
insert into probe (due_at) values ('-infinity');

-- As the schema's owner, because the service may not take from its log, and within the policy of that one tenant.
create function forget_probe_debates(hours integer, at_once integer) returns integer language sql security definer
set parley.tenant = 'parley-probe' begin atomic
  with old as (select id from debate where tenant = 'parley-probe'
      and created_at < clock_timestamp() - make_interval(hours => hours) limit at_once for update skip locked),
    events as (delete from debate_event where tenant = 'parley-probe' and debate_id in (select id from old)),
    gone as (delete from debate where id in (select id from old) returning 1)
  select count(*)::integer from gone;
end;
comment on function forget_probe_debates is 'Forgets debates of probes with their events: so many at most, that began so many hours ago. Answers how many.';
