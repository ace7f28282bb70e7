-- Who may call, and who tried to.
create schema auth;

-- API keys: the secret part only as its SHA-256, so that nobody who reads the table can call with it.
create table auth.keys (
  id text collate "C" primary key,
  digest bytea not null,
  name text not null,
  role text not null constraint keys_role_check check (role in ('reader', 'analyst', 'admin')),
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);

-- What tokens are signed with where no JWT_SECRET is set: the same for all replicas. At most one row.
create table auth.token_secret (
  only_row boolean primary key default true constraint token_secret_only_row_check check (only_row),
  secret bytea not null
);

-- Calls that wrote, a row each, and calls that were refused, a row for those alike within a minute.
create table auth.audit (
  id uuid primary key,
  at timestamptz not null,
  key_id text collate "C",
  address text,
  method text not null,
  route text not null,
  target text,
  status smallint not null,
  request_id text not null,
  count integer not null
);
create index audit_at on auth.audit (at, id);
