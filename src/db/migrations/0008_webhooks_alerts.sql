-- Outgoing webhooks, and alerts to those who run the installation.

create table webhooks (
  id bigint generated always as identity primary key,
  url text not null,
  -- Event types it gets.
  events text[] not null,
  -- Readers' addresses are in what it gets.
  addresses boolean not null default false,
  -- Encrypted under a key made from SECRET_KEYS. The one before signs too, until its time is over.
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamptz,
  enabled boolean not null default true,
  -- Why it was disabled by itself: 'gone', 'failing'.
  disabled_reason text,
  -- Events from here on are its own.
  active_since timestamptz not null default now(),
  -- The first of failures that nothing but failures followed.
  failing_since timestamptz,
  -- It asked to be left alone until then (Retry-After).
  hold_until timestamptz,
  created_at timestamptz not null default now()
);

-- What happened that table events does not tell: written in the statement that makes it happen, read and deleted by the tick. Empty
-- without endpoints. No address is kept.
create table changes (
  id bigint generated always as identity primary key,
  type text not null,
  publication_id bigint,
  issue_id bigint,
  subscriber_id bigint,
  -- A reason or source, in words.
  detail text,
  at timestamptz not null default now()
);

-- How far the tables have been read: every row up to this id has become deliveries.
create table webhook_cursors (
  source text primary key check (source in ('events', 'changes')),
  last_id bigint not null
);
insert into webhook_cursors values ('events', 0), ('changes', 0);

create table webhook_deliveries (
  id bigint generated always as identity primary key,
  webhook_id bigint not null references webhooks on delete cascade,
  -- The webhook-id: the same at each try.
  message_id uuid not null default gen_random_uuid(),
  type text not null,
  -- When it happened.
  at timestamptz not null,
  data jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  -- Fencing token of the process that is sending it.
  claim uuid,
  -- What came of the last try: an HTTP status, or words.
  outcome text,
  updated_at timestamptz not null default now()
) with (fillfactor = 80);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_attempt_at, id) where state = 'waiting';
create index webhook_deliveries_done on webhook_deliveries (updated_at) where state <> 'waiting';
create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, id);

-- The three writers of `changes`. Issues are few; a subscription's state and a suppression change one by one, or in a file's import, which
-- the conditions leave out. Processes of an older version write them too, while a new one is rolled out.
create function note_issue() returns trigger language plpgsql as $$
begin
  if not exists (select from webhooks where enabled) then return null; end if;
  insert into changes (type, publication_id, issue_id, detail)
  values ('issue.' || new.state, new.publication_id, new.id, new.reason);
  return null;
end $$;
create trigger issues_noted after update of state on issues for each row
  when (old.state is distinct from new.state and new.kind in ('regular', 'erratum')
    and new.state in ('scheduled', 'sending', 'sent', 'held', 'cancelled', 'paused')
    -- Past issues that are moved in were sent elsewhere.
    and not (old.state = 'draft' and new.state = 'sent'))
  execute function note_issue();

create function note_subscription() returns trigger language plpgsql as $$
begin
  if not exists (select from webhooks where enabled) then return null; end if;
  insert into changes (type, publication_id, issue_id, subscriber_id)
  values (case new.state when 'active' then 'subscriber.subscribed' else 'subscriber.unsubscribed' end,
    new.publication_id, case when new.state = 'unsubscribed' then new.left_issue_id end, new.subscriber_id);
  return null;
end $$;
create trigger subscriptions_noted after update of state on subscriptions for each row
  when (old.state is distinct from new.state and new.state in ('active', 'unsubscribed')
    and not (old.state = 'paused' and new.state = 'active'))
  execute function note_subscription();
create trigger subscriptions_begun after insert on subscriptions for each row
  when (new.state = 'active' and new.source not in ('import', 'move-in'))
  execute function note_subscription();

create function note_suppression() returns trigger language plpgsql as $$
begin
  if not exists (select from webhooks where enabled) then return null; end if;
  insert into changes (type, subscriber_id, detail)
  select 'subscriber.suppressed', s.id, new.reason from subscribers s where s.address_hash = new.address_hash;
  return null;
end $$;
create trigger suppressions_noted after insert on suppressions for each row execute function note_suppression();

-- One row per trouble: suspected from the first time it is seen, open from `opened_at`, over at `closed_at`. No address is kept.
create table alerts (
  id bigint generated always as identity primary key,
  kind text not null,
  -- What has the trouble: an issue's id, a relay, a role. Empty: there is only one such thing.
  subject text not null,
  -- What the words need.
  detail jsonb not null,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  opened_at timestamptz,
  closed_at timestamptz,
  reminded_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text
);
create unique index alerts_open on alerts (kind, subject) where closed_at is null;
create index alerts_closed on alerts (closed_at);

-- What is to be said of an alert, and to whom: target is a place in ALERT_EMAIL, 0 for the webhook.
create table alert_notices (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alerts on delete cascade,
  what text not null check (what in ('opened', 'reminder', 'closed')),
  channel text not null check (channel in ('mail', 'webhook')),
  target int not null,
  message_id uuid not null default gen_random_uuid(),
  attempts int not null default 0,
  -- Null: sent, or given up.
  next_attempt_at timestamptz default now(),
  claim uuid,
  at timestamptz not null default now()
);
create index alert_notices_due on alert_notices (next_attempt_at) where next_attempt_at is not null;
create index alert_notices_alert on alert_notices (alert_id);
