-- Sign-up: who asked and has not confirmed, and the notices that the law asks for.

-- What was asked for with a form, until it is confirmed: not yet a consent. By keyed hash, so that an address that is suppressed leaves the
-- same trace as any other, and no address is kept here. One row per address and publication.
create table signups (
  publication_id bigint not null references publications,
  address_hash bytea not null,
  -- Null: the address is suppressed. Gone with the person.
  subscriber_id bigint references subscribers on delete cascade,
  -- Of the round: the letters of one round carry it, and a confirmation ends the round.
  number int not null default 0 check (number between 0 and 65535),
  -- What the form showed and what was ticked in it.
  lang text not null check (lang in ('ko', 'en')),
  wording text not null,
  version text not null,
  -- Null: the form had no box for advertising.
  advertising boolean,
  advertising_wording text,
  source text not null,
  -- Letters since the last confirmation, and when the last one was due.
  letters int not null default 1,
  asked_at timestamptz not null default now(),
  confirmed_at timestamptz,
  primary key (publication_id, address_hash)
);
create index signups_subscriber on signups (subscriber_id);
-- Counted, up to a limit, to see an attack.
create index signups_unconfirmed on signups (publication_id, asked_at) where confirmed_at is null;

-- Only where the publication's file says so (`signup.keepIp`).
alter table consents add column ip text;

-- Notices (rule 5.5). The moment of each is filled once, by the statement that writes its letter; the indexes hold what is still to be done.
alter table consents add column noticed_at timestamptz;
create index consents_unnoticed on consents (publication_id, at) where kind = 'advertising' and noticed_at is null;
-- The `since` of the leaving that was noticed last.
alter table subscriptions add column noticed_since timestamptz;
create index subscriptions_unnoticed on subscriptions (publication_id, since)
  where state = 'unsubscribed' and left_state is not null and noticed_since is distinct from since;

-- The two-yearly confirmation (rule 5.6): when this consent is to be looked at next; null: at once.
alter table subscriptions add column review_at timestamptz;
create index subscriptions_review on subscriptions (publication_id, coalesce(review_at, '-infinity'))
  where advertising and state in ('active', 'paused');
