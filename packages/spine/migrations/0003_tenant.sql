alter table stream add column tenant text not null default 'default';
comment on column stream.tenant is 'Whose it is, for good: its first input says so. Inputs of another tenant are refused.';
