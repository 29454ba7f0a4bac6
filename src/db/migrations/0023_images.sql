-- Pictures of issues: mail clients and the web load them from here, for as long as somebody may open an old issue.

create table images (
  -- SHA-256 of the bytes, base64url: the same picture is one row, and its address never means another.
  hash text primary key,
  -- Whose room it takes; also texts of others may show it.
  publication_id bigint not null references publications,
  type text not null check (type in ('image/png', 'image/jpeg', 'image/gif')),
  width int not null,
  height int not null,
  bytes int not null,
  data bytea not null,
  created_at timestamptz not null default now(),
  created_by bigint references staff on delete set null
);
-- Compressed already: kept as it is.
alter table images alter column data set storage external;
create index images_room on images (publication_id) include (bytes);
