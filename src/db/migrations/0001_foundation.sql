-- Publications, people, issues, the ledger, and what readers do.

create table publications (
  id bigint generated always as identity primary key,
  slug text not null unique,
  -- The whole checked document of model/publication.ts.
  document jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Secrets of this installation that are not signing keys: the key of the suppression hash.
create table instance (name text primary key, value bytea not null);

create table subscribers (
  id bigint generated always as identity primary key,
  -- As mail is addressed; domain as A-labels in small letters.
  email text not null,
  -- lower(email): one row per person, whatever the letter case.
  email_key text not null unique,
  domain text not null,
  name text not null default '',
  attributes jsonb not null default '{}',
  -- HMAC of email_key; matches suppressions, survives deletion (rule 3.6).
  address_hash bytea not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index subscribers_address_hash on subscribers (address_hash);

create table subscriptions (
  publication_id bigint not null references publications,
  subscriber_id bigint not null references subscribers on delete cascade,
  state text not null check (state in ('pending', 'active', 'paused', 'unsubscribed')),
  since timestamptz not null default now(),
  -- Where it came from: 'import', 'form', 'api'.
  source text not null,
  -- The issue whose link ended it; for the report.
  left_issue_id bigint,
  primary key (publication_id, subscriber_id)
);
create index subscriptions_subscriber on subscriptions (subscriber_id);

-- Addresses never mailed again, by keyed hash: no address is kept here.
create table suppressions (
  address_hash bytea primary key,
  reason text not null,
  created_at timestamptz not null default now()
);

create table issues (
  id bigint generated always as identity primary key,
  publication_id bigint not null references publications,
  slug text not null,
  -- 'regular' goes to the audience, 'test' to chosen addresses, 'rehearsal' to the built-in sink.
  kind text not null default 'regular' check (kind in ('regular', 'test', 'rehearsal')),
  state text not null check (state in ('draft', 'scheduled', 'sending', 'paused', 'sent', 'held', 'cancelled')),
  title text not null,
  -- The revision that is (or will be) sent.
  revision_id bigint,
  -- sha-256 of the source; the same text is not sent twice by mistake.
  source_hash bytea not null,
  scheduled_at timestamptz,
  -- Set in the transaction that wrote the ledger and the batches.
  planned_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  -- Why it is held or cancelled.
  reason text,
  -- A relay other than the configured ones: the built-in sink of a rehearsal.
  relay text,
  created_at timestamptz not null default now(),
  unique (publication_id, slug)
);
create index issues_open on issues (state) where state in ('scheduled', 'sending', 'paused');
create index issues_source on issues (publication_id, source_hash);

create table revisions (
  id bigint generated always as identity primary key,
  issue_id bigint not null references issues on delete cascade,
  number int not null,
  source text not null,
  issue jsonb not null,
  edition jsonb not null,
  created_at timestamptz not null default now(),
  unique (issue_id, number)
);

create table batches (
  id bigint generated always as identity primary key,
  issue_id bigint not null references issues on delete cascade,
  -- Mailbox provider group: one batch never mixes two.
  lane text not null,
  size int not null
);
create index batches_issue on batches (issue_id);

-- The ledger: one row per (issue, subscriber) is the truth; Redis only schedules.
create table recipients (
  issue_id bigint not null references issues on delete cascade,
  subscriber_id bigint not null references subscribers,
  batch_id bigint references batches,
  state text not null check (state in ('queued', 'sending', 'accepted', 'rejected', 'deferred', 'expired', 'unknown', 'excluded')),
  attempts int not null default 0,
  -- Fencing token of the claim that is sending it, and the worker that holds it.
  claim uuid,
  worker_id uuid,
  next_attempt_at timestamptz,
  -- First line of the relay's last reply, without addresses.
  reply text,
  -- Why it is excluded, expired or unknown.
  reason text,
  updated_at timestamptz not null default now(),
  primary key (issue_id, subscriber_id)
) with (fillfactor = 70);
-- Small partial indexes by issue: what is left to claim, in flight, waiting. Each shrinks to nothing as the ledger closes.
create index recipients_queued on recipients (issue_id, batch_id, subscriber_id) where state = 'queued';
create index recipients_sending on recipients (issue_id, worker_id) where state = 'sending';
create index recipients_deferred on recipients (issue_id, next_attempt_at) where state = 'deferred';
create index recipients_subscriber on recipients (subscriber_id);

-- Processes at work, by heartbeat: a claim of one that fell silent is given up.
create table workers (
  id uuid primary key,
  role text not null,
  host text not null,
  pid int not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

-- Who does a thing that one process at a time should do. A row that runs out, not a transaction held open: drivers lose those badly.
create table leases (
  name text primary key,
  holder uuid not null,
  until timestamptz not null
);

-- What came through readers' links, raw. `machine` says why it is not counted as a person's; null: a person's, as far as known.
create table events (
  id bigint generated always as identity primary key,
  issue_id bigint not null,
  subscriber_id bigint not null,
  kind text not null check (kind in ('click', 'open', 'unsubscribe', 'resubscribe', 'like', 'unlike')),
  -- Number of the link (click) or summary (like); 0: the issue.
  ref int not null default 0,
  machine text,
  at timestamptz not null default now()
);
create index events_issue on events (issue_id, kind, subscriber_id);

-- One like per reader and thing; summary 0 is the issue itself.
create table likes (
  issue_id bigint not null,
  subscriber_id bigint not null,
  summary int not null,
  at timestamptz not null default now(),
  primary key (issue_id, summary, subscriber_id)
);

create table staff (
  id bigint generated always as identity primary key,
  email text not null,
  email_key text not null unique,
  role text not null check (role in ('owner', 'editor', 'operator', 'viewer')),
  -- scrypt, with its parameters and salt.
  password text not null,
  created_at timestamptz not null default now()
);

create table sessions (
  -- sha-256 of the cookie's value.
  id bytea primary key,
  staff_id bigint not null references staff on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- The state an unsubscription left, for its undo: who had not confirmed comes back unconfirmed.
alter table subscriptions add column left_state text check (left_state in ('pending', 'active', 'paused'));
