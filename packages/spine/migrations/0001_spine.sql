-- The durable spine of one service. Every table is reached through its schema, which is the service's own.
create table stream (
  id text primary key,
  kind text not null,
  version integer not null,
  state json not null,
  status text not null check (status in ('active', 'finished', 'parked')),
  parked_reason text,
  parked_input text,
  parked_at timestamptz,
  finished_at timestamptz
) with (fillfactor = 70);
comment on table stream is 'One durable instance of a process: its folded state. The row lock of a stream serialises everything that happens to it.';
comment on column stream.version is 'Number of the last event, 0 before the first.';
comment on column stream.state is 'fold(events); bounded, never the transcript. json, not jsonb: it is never searched, and text keeps writes cheap.';
create index stream_parked on stream (parked_at) where status = 'parked';
create index stream_finished on stream (finished_at) where status = 'finished';

create table event (
  stream_id text not null,
  seq integer not null check (seq > 0),
  type text not null,
  data json not null,
  at timestamptz not null,
  primary key (stream_id, seq)
);
comment on table event is 'The truth: facts numbered 1..n without gaps in each stream. Only ever inserted.';

create table inbox (
  id text primary key,
  stream_id text not null,
  kind text not null,
  state text not null check (state in ('handled', 'pending', 'parked')),
  type text not null,
  data json,
  traceparent text,
  pos bigint generated always as identity,
  at timestamptz not null default clock_timestamp()
);
comment on table inbox is 'Ids of inputs, so that arriving twice is one arrival. Data is kept only while the input is not handled.';
comment on column inbox.pos is 'Arrival order within a stream. Identity order is not commit order: never used as a cursor.';
create index inbox_open on inbox (stream_id, pos) where state <> 'handled';

create index inbox_age on inbox using brin (at);

create table effect (
  stream_id text not null,
  key text not null,
  kind text not null,
  data json not null,
  is_idempotent boolean not null,
  state text not null check (state in ('pending', 'running', 'done', 'dropped')),
  visible_at timestamptz not null,
  lease_owner text,
  started integer not null default 0,
  finished integer not null default 0,
  traceparent text,
  primary key (stream_id, key)
) with (fillfactor = 70);
comment on table effect is 'Work outside the process, done at least once and answered once: (lease_owner, started) fences the answer.';
comment on column effect.visible_at is 'pending: when it may start; running: when its lease ends and another worker may take it.';
comment on column effect.started is 'Attempts begun. started - finished counts the attempts that ended with their process.';
create index effect_open on effect (visible_at) where state in ('pending', 'running');

create table outbox (
  pos bigint generated always as identity primary key,
  topic text not null,
  messages json not null,
  at timestamptz not null default clock_timestamp()
);
-- Compressing what is deleted a moment later is wasted.
alter table outbox alter column messages set storage external;
comment on table outbox is 'Messages of one commit and topic, until the bus has them. One row carries many: a tick serves many streams.';
comment on column outbox.pos is 'Sending order. Within a stream it is commit order, because the stream row was locked when it was drawn.';

create table relay (
  id boolean primary key default true check (id),
  owner text not null,
  until timestamptz not null
);
comment on table relay is 'Which replica sends the outbox: one at a time, so that a stream keeps its order.';
insert into relay (owner, until) values ('nobody', '-infinity');
