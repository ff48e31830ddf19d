-- An update that ends a stream must touch no index, or Postgres writes every index of the row anew: a predicate on
-- "status" counts as a use of it, a BRIN does not.
drop index stream_parked;
create index stream_parked on stream (parked_at) where parked_at is not null;
drop index stream_finished;
create index stream_finished on stream using brin (finished_at);
