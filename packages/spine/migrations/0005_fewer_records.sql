-- What a tick writes is bound by the records of the write-ahead log, most of them an index entry each.
alter table stream add column opened_by text;
comment on column stream.opened_by is 'Id of the input that began the stream. It is known by this column, and needs no row in the inbox.';
-- A summary is written anew by every row that is later than the others of its range: small ranges fill up soon.
drop index inbox_age;
create index inbox_age on inbox using brin (at) with (pages_per_range = 4);
drop index stream_finished;
create index stream_finished on stream using brin (finished_at) with (pages_per_range = 4);
-- Room on the page for what becomes of every row of it.
alter table effect set (fillfactor = 45);
alter table stream set (fillfactor = 50);
-- Rows are made to fit a page: an outbox row in chunks costs two records a chunk.
alter table outbox set (toast_tuple_target = 8160);
