-- Readers in the console: found among millions, tagged, imported from files, segmented.

-- What a reader is looked for by, as pieces for an index: every three letters in a row of the part before the @ and of the name (two where
-- the letters are Hangul or another script beyond ASCII, which has more of them), the name's first letter by itself when it is such a one
-- ('^김'), and each attribute whole ('회사=가나'). Needs no extension and no locale of the database. Dear, so that no plan computes it for
-- each row instead of asking the index.
create function reader_grams(email_key text, name text, attributes jsonb) returns text[]
language sql immutable parallel safe cost 10000 as $$
  select array(
    select substr(t.word, at, case when ascii(substr(t.word, at, 1)) > 127 then 2 else 3 end)
    from (values (split_part(email_key, '@', 1)),
        (translate(name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ ', 'abcdefghijklmnopqrstuvwxyz'))) t (word),
      generate_series(1, greatest(1, length(t.word) - 1)) at
    where t.word <> '' and (at <= length(t.word) - 2 or ascii(substr(t.word, at, 1)) > 127 or length(t.word) < 3)
    union
    select '^' || substr(name, 1, 1) where ascii(name) > 127
    union
    select left(a.key || '=' || a.value, 100) from jsonb_each_text(attributes) a
  )
$$;
create index subscribers_grams on subscribers using gin (reader_grams(email_key, name, attributes)) with (gin_pending_list_limit = 1024);
-- A domain's readers by id, and domains that begin alike.
create index subscribers_domain on subscribers (domain text_pattern_ops, id);
-- Those who are not active are few and far between in the primary key.
create index subscriptions_inactive on subscriptions (publication_id, state, subscriber_id) where state <> 'active';

-- What staff call a person, whatever publication: usable in segments and in search.
create table subscriber_tags (
  tag text not null check (tag <> '' and char_length(tag) <= 60),
  subscriber_id bigint not null references subscribers on delete cascade,
  at timestamptz not null default now(),
  primary key (tag, subscriber_id)
);
create index subscriber_tags_subscriber on subscriber_tags (subscriber_id);

-- Thrown away in the console, to be had back for a while.
alter table segments add column deleted_at timestamptz;

-- The list of suppressions, newest first.
create index suppressions_newest on suppressions (created_at, address_hash);

-- Files brought in through the console. Whichever process works one finds it here, whole.
create table imports (
  id bigint generated always as identity primary key,
  publication_id bigint not null references publications,
  staff_id bigint not null,
  -- Of the file.
  name text not null,
  bytes bigint not null default 0,
  -- uploading → uploaded → (checking → checked) → queued → running → done → (undoing → undone); or failed, cancelled.
  state text not null default 'uploading'
    check (state in ('uploading', 'uploaded', 'checking', 'checked', 'queued', 'running', 'done', 'undoing', 'undone', 'failed', 'cancelled')),
  encoding text,
  -- Delimiter, where the rows begin, and which column is what.
  layout jsonb,
  -- Where, when and with which words the people in the file agreed; tags that each of them gets.
  consent jsonb,
  tags text[] not null default '{}',
  -- Position in the file as records read: a process that takes over goes on from here.
  records bigint not null default 0,
  -- Share of the file's bytes read, of a million.
  share int not null default 0,
  -- Counts of the check and of the run; of each run they add up to the rows.
  counts jsonb not null default '{}',
  checked jsonb,
  -- Why it failed.
  reason text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now()
);
create index imports_open on imports (id) where state in ('uploading', 'checking', 'queued', 'running', 'undoing');

create table import_chunks (
  import_id bigint not null references imports on delete cascade,
  number int not null,
  bytes bytea not null,
  primary key (import_id, number)
);
alter table import_chunks alter column bytes set storage external;

-- Rows that were refused, as the file has them, to be corrected and brought in again.
create table import_refusals (
  import_id bigint not null references imports on delete cascade,
  line bigint not null,
  reason text not null,
  cells text[] not null,
  primary key (import_id, line)
);

-- The import that made a subscription, for its undo.
alter table subscriptions add column import_id bigint;
create index subscriptions_import on subscriptions (import_id, subscriber_id) where import_id is not null;
