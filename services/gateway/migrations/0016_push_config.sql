create table push_config (
  debate_id uuid not null,
  id text not null,
  tenant text not null,
  agent text not null,
  url text not null,
  token text,
  scheme text,
  credentials text,
  sent_seq integer not null,
  failures integer not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  primary key (debate_id, id)
);
comment on table push_config is 'Who is told of a debate''s events by requests of ours (A2A push notifications), and how far that has come.';
comment on column push_config.agent is 'As which agent the debate was asked for: of one debater only its turns are told.';
comment on column push_config.sent_seq is 'The last event that the receiver has acknowledged.';
comment on column push_config.failures is 'Since the last acknowledgement.';
comment on column push_config.due_at is 'When to look again: the end of the lease of whom tells it now, or of the wait after a failure; infinity when all is told or it was given up.';
create index push_config_due on push_config (due_at) where due_at < 'infinity';
alter table push_config enable row level security, force row level security;
create policy tenant on push_config using (current_setting('parley.tenant', true) in (tenant, '*'));
