create table dead_letter (
  id uuid primary key,
  tenant text not null,
  letter text not null,
  service text not null,
  topic text not null,
  reason text not null,
  original text not null,
  at timestamptz not null,
  replayed_at timestamptz
);
comment on table dead_letter is 'What services could not read, as their topics of dead letters have it.';
comment on column dead_letter.id is 'Made of the letter''s own id and its original: the same one written twice is one.';
comment on column dead_letter.tenant is '"*" where nobody can tell whose it was: operators see it, users do not.';
create index dead_letter_of_tenant on dead_letter (tenant, at, id);
create index dead_letter_open on dead_letter (service) where replayed_at is null;
alter table dead_letter enable row level security, force row level security;
create policy tenant on dead_letter using (current_setting('parley.tenant', true) in (tenant, '*'));
