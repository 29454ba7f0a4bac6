-- Readers: what they agreed to, and the letters that tell them so.

-- Mail to one person about their own affairs: a confirmation, a notice, an answer. A row per letter is the truth, as in the ledger.
create table letters (
  id bigint generated always as identity primary key,
  -- Names the occasion, without an address: written twice, it is one letter.
  key text not null unique,
  kind text not null,
  publication_id bigint not null references publications,
  subscriber_id bigint not null references subscribers on delete cascade,
  -- Where it goes when that is not (yet) the subscriber's own address; emptied once it has left.
  address text,
  lang text not null check (lang in ('ko', 'en')),
  -- Merge values of its words. No address among them.
  data jsonb not null default '{}',
  -- Carried by its link's token.
  ref int not null default 0 check (ref between 0 and 65535),
  state text not null default 'queued' check (state in ('queued', 'sending', 'accepted', 'rejected', 'expired', 'unknown', 'excluded')),
  attempts int not null default 0,
  claim uuid,
  worker_id uuid,
  next_attempt_at timestamptz not null default now(),
  reply text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index letters_queued on letters (next_attempt_at) where state = 'queued';
create index letters_sending on letters (worker_id) where state = 'sending';
create index letters_subscriber on letters (subscriber_id, created_at);

-- What a person agreed to or took back, word for word (rule 5.1): rows are only added. Deleted with the person.
create table consents (
  id bigint generated always as identity primary key,
  publication_id bigint not null references publications,
  subscriber_id bigint not null references subscribers on delete cascade,
  kind text not null check (kind in ('subscription', 'advertising')),
  given boolean not null,
  -- As the person read it, and the version it is known by.
  wording text not null,
  version text not null,
  -- 'form', 'embed', 'api', 'import', 'preferences', 'link', 'mail'.
  source text not null,
  at timestamptz not null default now()
);
create index consents_subscriber on consents (subscriber_id, publication_id, kind, at);

-- What holds now of advertising; consents say how it came about.
alter table subscriptions add column advertising boolean not null default false;
-- When the person pressed the button of the confirmation's page.
alter table subscriptions add column confirmed_at timestamptz;
-- Language of pages and letters; null: the publication's.
alter table subscriptions add column lang text check (lang in ('ko', 'en'));
