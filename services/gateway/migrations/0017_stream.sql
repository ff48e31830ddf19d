-- One log for every kind of stream. Debates and their events become the first rows of it, replays the second kind.
-- The release before this one goes on beside it for a while: it writes and reads debate, replay and debate_event, which
-- are views of the same rows; the trigger keeps what it writes and what this release writes the same. They end with the
-- next release.
select set_config('parley.tenant', '*', true);

alter table debate rename to stream_listing;
alter table stream_listing rename column topic to title;
alter table stream_listing rename column topic_folded to title_folded;
alter table stream_listing drop constraint debate_status_check;
alter table stream_listing alter column max_rounds drop not null;
alter table stream_listing
  add column kind text not null default 'debate',
  add column parent uuid,
  add column summary json,
  add column rules json,
  add column result json,
  add column reason text;

create function stream_of_two_releases() returns trigger language plpgsql as $$
begin
  if new.summary is null or (tg_op = 'UPDATE' and new.summary::text = old.summary::text) then
    if new.kind = 'debate' then
      new.summary := json_build_object('maxRounds', new.max_rounds, 'stopReason', new.stop_reason,
        'alsoTrue', coalesce(new.also_true, '[]'), 'detail', new.detail, 'verdict', new.verdict);
    elsif new.kind = 'replay' then
      new.summary := json_build_object('rules', new.rules, 'result', new.result, 'reason', new.reason);
    end if;
  elsif new.kind = 'debate' then
    new.max_rounds := (new.summary ->> 'maxRounds')::integer;
    new.stop_reason := new.summary ->> 'stopReason';
    new.also_true := new.summary -> 'alsoTrue';
    new.detail := new.summary ->> 'detail';
    new.verdict := nullif((new.summary -> 'verdict')::text, 'null')::json;
  elsif new.kind = 'replay' then
    new.rules := new.summary -> 'rules';
    new.result := nullif((new.summary -> 'result')::text, 'null')::json;
    new.reason := new.summary ->> 'reason';
  end if;
  return new;
end $$;
create trigger stream_of_two_releases before insert or update on stream_listing
  for each row execute function stream_of_two_releases();

update stream_listing set title_folded = coalesce(title_folded, lower(title));
insert into stream_listing (id, tenant, kind, parent, status, title, title_folded, created_at, closed_at, rules, result, reason)
  select r.id, r.tenant, 'replay', r.debate_id, r.status, coalesce(d.title, ''), coalesce(d.title_folded, ''),
    r.created_at, r.finished_at, r.rules, r.result, r.reason
  from replay r left join stream_listing d on d.id = r.debate_id;
alter table stream_listing alter column summary set not null;
drop table replay;

drop index debate_of_tenant;
create index stream_of_kind on stream_listing (tenant, kind, id);
create index stream_of_parent on stream_listing (parent, id) where parent is not null;

alter table debate_event rename to stream_event;
alter table stream_event rename column debate_id to stream_id;
alter table stream_event add column kind text not null default 'debate';

create view debate with (security_invoker = true) as
  select id, title as topic, status, max_rounds, created_at, closed_at, stop_reason, also_true, detail, verdict, tenant,
    title_folded as topic_folded, kind
  from stream_listing where kind = 'debate';
create view replay with (security_invoker = true) as
  select id, tenant, parent as debate_id, status, rules, created_at, closed_at as finished_at, result, reason, kind,
    title, title_folded
  from stream_listing where kind = 'replay';
alter view replay alter column kind set default 'replay', alter column title set default '',
  alter column title_folded set default '';
create view debate_event with (security_invoker = true) as
  select stream_id as debate_id, seq, type, data, at, tenant, trace_id from stream_event where kind = 'debate';

-- The job gives rights after it has migrated; until then the release before goes on with those that it had.
do $$
declare given record;
begin
  for given in
    select v.name, g.grantee, g.privilege_type as privilege
    from (values ('debate', 'stream_listing'), ('replay', 'stream_listing'), ('debate_event', 'stream_event')) as v(name, source)
      join information_schema.role_table_grants g on g.table_schema = current_schema() and g.table_name = v.source
    where g.grantee <> g.grantor and g.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  loop
    execute format('grant %s on %I to %I', given.privilege, given.name, given.grantee);
  end loop;
end $$;

create or replace function forget_probe_debates(hours integer, at_once integer) returns integer language sql security definer
set parley.tenant = 'parley-probe' begin atomic
  with old as (select id from stream_listing where tenant = 'parley-probe'
      and created_at < clock_timestamp() - make_interval(hours => hours) limit at_once for update skip locked),
    events as (delete from stream_event where tenant = 'parley-probe' and stream_id in (select id from old)),
    gone as (delete from stream_listing where id in (select id from old) returning 1)
  select count(*)::integer from gone;
end;

comment on table stream_listing is 'Every stream that users see, of any kind, as its log tells it.';
comment on column stream_listing.kind is 'What it is, such as debate or replay; ids are unique over all kinds.';
comment on column stream_listing.parent is 'The stream that it belongs to: the debate of a replay.';
comment on column stream_listing.title is 'What people call it: the topic of a debate.';
comment on column stream_listing.title_folded is 'The title in lower case, to be searched: "lower" of a database with locale C knows ASCII only.';
comment on column stream_listing.status is 'In the words of its kind.';
comment on column stream_listing.summary is 'What lists and views show of it, in the form of its kind.';
comment on column stream_listing.closed_at is 'When its last event was decided; null while more may follow.';
comment on table stream_event is 'The numbered facts of every stream. Rows are added and never changed.';
comment on column stream_event.kind is 'The kind of its stream.';
comment on view debate is 'For the release before this one.';
comment on view replay is 'For the release before this one.';
comment on view debate_event is 'For the release before this one.';
