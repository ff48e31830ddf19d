create table rate_limit (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
comment on table rate_limit is 'Requests of each tenant in the minute that is running, over all replicas. Its form is the library''s (rate-limiter-flexible).';
