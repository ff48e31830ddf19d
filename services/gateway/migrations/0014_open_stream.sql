create table open_stream (
  tenant text not null,
  replica text not null,
  open integer not null,
  until timestamptz not null,
  primary key (tenant, replica)
);
comment on table open_stream is 'How many event streams and WebSockets a tenant has open on each gateway, where that is limited. A row that is not renewed is of a process that is gone.';
