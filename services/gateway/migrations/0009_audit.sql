create table audit (
  tenant text not null,
  seq integer not null,
  at timestamptz not null,
  subject text not null,
  action text not null,
  target text not null,
  outcome text not null,
  detail text not null,
  hash text not null,
  primary key (tenant, seq)
);
comment on table audit is 'Who did what, numbered per tenant without gaps; only ever inserted into.';
comment on column audit.tenant is '"*" for what concerns nobody in particular, such as a credential that is not known.';
comment on column audit.hash is 'SHA-256 over the hash of the row before and all else in this row: an edited row breaks every later one.';
alter table audit enable row level security, force row level security;
create policy tenant on audit using (current_setting('parley.tenant', true) in (tenant, '*'));
