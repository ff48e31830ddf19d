create table usage (
  tenant text not null,
  day date not null,
  agent text not null,
  model text not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  calls bigint not null,
  primary key (tenant, day, agent, model)
);
comment on table usage is 'Tokens by day (UTC, of the fact), from facts that were not known before: written in the statement that takes them in.';
alter table usage enable row level security, force row level security;
create policy tenant on usage using (current_setting('parley.tenant', true) in (tenant, '*'));
