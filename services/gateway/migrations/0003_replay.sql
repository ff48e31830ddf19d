create table replay (
  id uuid primary key,
  tenant text not null default 'default',
  debate_id uuid not null,
  status text not null check (status in ('accepted', 'judging', 'finished', 'failed', 'parked')),
  rules json not null,
  created_at timestamptz not null,
  finished_at timestamptz,
  result json,
  reason text
);
comment on table replay is 'Debates judged again by other rules: each from its acceptance on, with what its events say of it.';
create index replay_of_debate on replay (debate_id, id);

alter table replay enable row level security, force row level security;
create policy tenant on replay using (current_setting('parley.tenant', true) in (tenant, '*'));
