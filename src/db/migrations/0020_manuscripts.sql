-- Texts that editors work on in the console, before they are issues.

create table manuscripts (
  id bigint generated always as identity primary key,
  publication_id bigint not null references publications,
  -- As the text names itself; for lists.
  title text not null default '',
  source text not null default '',
  -- Of the source, one more with each save: whoever saves names the one they began from.
  version int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  updated_by bigint references staff on delete set null,
  -- The issue that it became; its text is then history.
  issue_id bigint references issues on delete set null,
  -- Thrown away, to be had back for a while.
  deleted_at timestamptz
);
create index manuscripts_newest on manuscripts (updated_at desc) where deleted_at is null;
create index manuscripts_deleted on manuscripts (deleted_at) where deleted_at is not null;

-- What can be gone back to: the text as it stood at times, not each key.
create table manuscript_versions (
  manuscript_id bigint not null references manuscripts on delete cascade,
  version int not null,
  source text not null,
  at timestamptz not null default now(),
  by bigint references staff on delete set null,
  primary key (manuscript_id, version)
);
