-- Tokens of programs that use the API. Only a digest is kept: the token itself is shown once.
create table api_tokens (
  id bigint generated always as identity primary key,
  digest bytea not null unique,
  name text not null,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz
);
