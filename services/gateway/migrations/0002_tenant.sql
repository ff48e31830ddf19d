-- Rows belong to tenants. The role of the service sees those of the tenant that its transaction names, of all with '*',
-- and of none if it names nobody: a forgotten scope shows nothing.
alter table debate add column tenant text not null default 'default';
alter table debate_event add column tenant text not null default 'default';
alter table idempotency_key add column tenant text not null default 'default';
alter table parked add column tenant text not null default 'default';
create index debate_of_tenant on debate (tenant, id);

alter table debate enable row level security, force row level security;
alter table debate_event enable row level security, force row level security;
alter table idempotency_key enable row level security, force row level security;
alter table parked enable row level security, force row level security;
create policy tenant on debate using (current_setting('parley.tenant', true) in (tenant, '*'));
create policy tenant on debate_event using (current_setting('parley.tenant', true) in (tenant, '*'));
create policy tenant on idempotency_key using (current_setting('parley.tenant', true) in (tenant, '*'));
create policy tenant on parked using (current_setting('parley.tenant', true) in (tenant, '*'));
