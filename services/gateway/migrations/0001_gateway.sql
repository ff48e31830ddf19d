create table debate (
  id uuid primary key,
  topic text not null,
  status text not null check (status in ('accepted', 'debating', 'judging', 'closed', 'cancelled', 'failed', 'parked')),
  max_rounds integer not null,
  created_at timestamptz not null,
  closed_at timestamptz,
  stop_reason text,
  also_true json,
  detail text,
  verdict json
);
comment on table debate is 'What users may know of a debate: a projection of its events, and the acceptance before the first of them.';

create table debate_event (
  debate_id uuid not null,
  seq integer not null,
  type text not null,
  data json not null,
  at timestamptz not null,
  primary key (debate_id, seq)
);
comment on table debate_event is 'The events of every debate as they came over the bus; the primary key makes a redelivery nothing.';

create table idempotency_key (
  key text primary key,
  body_hash text not null,
  status integer not null,
  response json not null,
  created_at timestamptz not null default clock_timestamp()
);
comment on table idempotency_key is 'Answers by Idempotency-Key, written in the transaction of what they acknowledge.';
create index idempotency_key_age on idempotency_key (created_at);

create table parked (
  id text primary key,
  service text not null,
  kind text not null,
  stream text not null,
  input text not null,
  reason text not null,
  at timestamptz not null
);
comment on table parked is 'Streams that services reported as set aside.';
