-- Who is charged with the end of a process: everything that was in flight may have caused it, only what ran alone has.
alter table effect add column crashes integer not null default 0;
alter table effect add column crashes_alone integer not null default 0;
alter table effect add column crashes_alone_ever integer not null default 0;
alter table effect add column is_alone boolean not null default false;
comment on column effect.crashes is 'Ends of its process while it was in flight, since it was last cleared. From the second on it is a suspect, which runs alone in its process.';
comment on column effect.crashes_alone is 'Of these, ends while nothing else ran beside it. The third sets it aside as poison. An end while it was not in flight clears it.';
comment on column effect.crashes_alone_ever is 'The same, never cleared: bounds how often it can be.';
comment on column effect.is_alone is 'Its present run is alone: an end of the process now is its own.';
comment on column effect.started is 'Attempts begun: with lease_owner the fence of an answer.';
-- Empty unless a process has died a moment ago.
create index effect_suspect on effect (visible_at) where crashes > 0 and state in ('pending', 'running');
