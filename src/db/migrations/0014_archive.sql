-- The web archive: what is searched, and every explanation of a term.

-- The revision whose documents and terms are written; the tick looks for published issues where it is another.
alter table issues add column archived_revision_id bigint;
create index issues_unarchived on issues (id)
  where kind = 'regular' and state in ('sending', 'paused', 'sent') and archived_revision_id is distinct from revision_id;
-- Archive pages, feeds and the neighbours of an issue go by this order.
create index issues_published on issues (publication_id, (coalesce(started_at, scheduled_at, created_at)), id)
  where kind = 'regular' and state in ('sending', 'paused', 'sent');

-- One per summary, and one (summary 0) for everything else that an issue says.
create table search_documents (
  issue_id bigint not null references issues on delete cascade,
  -- Its number as links and likes know it.
  summary int not null,
  publication_id bigint not null,
  title text not null,
  body text not null,
  -- Both in small letters, with blanks only where a sentence or the script changes: what a word is looked for in.
  squashed text not null,
  -- Words, and pairs of syllables, without positions.
  tokens tsvector not null,
  primary key (issue_id, summary)
);
-- Read whole for each document that is ranked: unpacking would cost more than the room it saves.
alter table search_documents alter column squashed set storage external;
create index search_documents_tokens on search_documents using gin (tokens);

-- One row per term and issue, as it was explained then. Which rows are the same term is a matter of their names (model/terms).
create table term_occurrences (
  issue_id bigint not null references issues on delete cascade,
  -- Its place among the issue's terms.
  position int not null,
  publication_id bigint not null,
  -- Id of its place on the issue's page.
  anchor text not null,
  term text not null,
  translation text not null,
  abbreviation text not null,
  definition text not null,
  primary key (issue_id, position)
);
create index term_occurrences_publication on term_occurrences (publication_id, issue_id);
