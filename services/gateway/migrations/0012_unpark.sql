alter table parked
  add column key uuid not null default gen_random_uuid(),
  add column asked_at timestamptz,
  add column unparked_at timestamptz;
comment on column parked.key is 'What the API names this setting aside by; the id is the report''s.';
comment on column parked.asked_at is 'When the stream''s service was last asked to give it another try.';
comment on column parked.unparked_at is 'When the service said that the stream is not set aside any more.';
create unique index parked_key on parked (key);
create index parked_open on parked (tenant, at) where unparked_at is null;
