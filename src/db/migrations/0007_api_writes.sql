-- What programs write through the API.

-- The request under an Idempotency-Key that made this issue: tried again after a crash, it finds what it made.
alter table issues add column request_id uuid;
create unique index issues_request on issues (request_id) where request_id is not null;
-- A publication's issues, newest first.
create index issues_publication on issues (publication_id, id);

-- The rule of the segment that a send goes to, as it was when the send was stored; null: every active subscriber.
alter table issues add column audience jsonb;

-- Stored, named rules over a publication's active subscribers; see model/segment.ts.
create table segments (
  id bigint generated always as identity primary key,
  publication_id bigint not null references publications,
  slug text not null,
  name text not null,
  rule jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (publication_id, slug)
);

-- Answers to requests with an Idempotency-Key, for a day. No answer with an address is kept.
create table api_answers (
  token_id bigint not null,
  key text not null,
  -- sha-256 of method, path and body.
  digest bytea not null,
  -- The same for every try of one request; a key that is used again after a day has a new one.
  request_id uuid not null default gen_random_uuid(),
  -- Whose try it is: only that one may store the answer.
  run uuid not null,
  started_at timestamptz not null default now(),
  -- Null while the first try runs.
  status int,
  location text,
  body text,
  primary key (token_id, key)
);
create index api_answers_started on api_answers (started_at);

-- Events are read in the order of their time, of one issue or of all.
create index events_at on events (at, id);
create index events_issue_at on events (issue_id, at, id);
