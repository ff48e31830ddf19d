create table api_key (
  id uuid primary key,
  tenant text not null,
  name text not null,
  scopes text[] not null,
  secret_hash text not null,
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
comment on table api_key is 'Who may ask. A row stays when its key is revoked, so that the audit log can be read.';
comment on column api_key.secret_hash is 'SHA-256 of the secret, base64url: 256 random bits need no slow hash.';
create index api_key_of_tenant on api_key (tenant, id);
alter table api_key enable row level security, force row level security;
create policy tenant on api_key using (current_setting('parley.tenant', true) in (tenant, '*'));
