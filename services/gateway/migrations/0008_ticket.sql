create table ticket (
  hash text primary key,
  tenant text not null,
  subject text not null,
  expires_at timestamptz not null
);
comment on table ticket is 'Leave to open one stream, for browsers, which cannot show a credential there. Deleted when it is used.';
alter table ticket enable row level security, force row level security;
create policy tenant on ticket using (current_setting('parley.tenant', true) in (tenant, '*'));
