-- Second factors, passkeys, and the links of invitations and forgotten passwords.
alter table staff
  -- The TOTP secret (RFC 6238), sealed; null: none.
  add column totp bytea,
  -- Offered on the page, not yet proved by a code.
  add column totp_new bytea,
  -- The time step of the last code that was taken: no code is taken twice.
  add column totp_step bigint not null default 0;

alter table sessions
  -- 'Firefox · Windows', for its owner to know it by.
  add column device text not null default '',
  -- Of the IP address the network only: '203.0.113.0/24'.
  add column network text not null default '',
  -- The password was right and the second factor is still asked for: opens nothing.
  add column half boolean not null default false;
create index sessions_staff on sessions (staff_id);

create table recovery_codes (
  staff_id bigint not null references staff on delete cascade,
  -- sha-256 of the code.
  digest bytea not null,
  primary key (staff_id, digest)
);

create table passkeys (
  -- The credential's id, base64url.
  id text primary key,
  staff_id bigint not null references staff on delete cascade,
  name text not null,
  public_key bytea not null,
  counter bigint not null default 0,
  transports text[] not null default '{}',
  created_at timestamptz not null default now(),
  used_at timestamptz
);
create index passkeys_staff on passkeys (staff_id);

-- One per browser, answered once.
create table passkey_challenges (
  -- sha-256 of the browser's cookie, with what the challenge is for.
  browser bytea primary key,
  challenge text not null,
  expires_at timestamptz not null
);
create index passkey_challenges_end on passkey_challenges (expires_at);

-- Mailed or handed over, used once: the row is deleted by its use.
create table staff_links (
  id bigint generated always as identity primary key,
  -- sha-256 of what the link holds.
  digest bytea not null unique,
  kind text not null check (kind in ('invite', 'reset')),
  email text not null,
  email_key text not null,
  -- Of who is invited.
  role text check (role in ('owner', 'editor', 'operator', 'viewer')),
  -- Whose password it is.
  staff_id bigint references staff on delete cascade,
  -- An invitation is worth nothing once who gave it is gone.
  made_by bigint references staff on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  unique (kind, email_key)
);

-- Choices for the whole console.
create table console_settings (
  name text primary key,
  value jsonb not null
);

alter table api_tokens
  add column used_at timestamptz,
  -- Kept when the account is gone; null: from the command line.
  add column made_by text;

create index audit_staff on audit (staff_id, id);
create index audit_act on audit (act, id);
