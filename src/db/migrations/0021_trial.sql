-- Readers' own mornings, and trials of subjects.

-- IANA name (model/time-zone.ts); null: the publication's.
alter table subscribers add column time_zone text;
-- Which zones there are, without reading all readers.
create index subscribers_time_zone on subscribers (time_zone) where time_zone is not null;

-- Sent at this minute of this day by each reader's own clock; null: at once.
alter table issues add column local_minutes smallint check (local_minutes between 0 and 1439);
alter table issues add column local_day date;
-- The latest moment that readers had waited for, of those who have been let go: their morning, or a trial's decision.
alter table issues add column waited_until timestamptz;

-- Which subject of a trial this reader tries; null: none, and the chosen one's when the issue has a trial.
alter table recipients add column variant smallint;
-- From when on the row may be tried, if it had to wait for its morning or a trial: its retry time runs from there.
alter table recipients add column due_at timestamptz;
-- The trial's part of a ledger.
create index recipients_trial on recipients (issue_id, variant) where variant is not null;
-- Rows that wait without having been tried are told from retries by their attempts, without reading them.
drop index recipients_deferred;
create index recipients_deferred on recipients (issue_id, next_attempt_at) include (attempts) where state = 'deferred';

create table trials (
  issue_id bigint primary key references issues on delete cascade,
  -- As the editor wrote them, merge fields included; variant n is the nth.
  subjects text[] not null check (cardinality(subjects) between 2 and 4),
  -- Per cent of the audience.
  share smallint not null check (share between 5 and 50),
  measure text not null check (measure in ('clicks', 'likes')),
  -- From sent_at to the decision.
  hours smallint not null check (hours between 1 and 24),
  -- When the last of the trial's part had been tried once.
  sent_at timestamptz,
  chosen smallint,
  chosen_at timestamptz,
  -- 'measure'; 'default': too little was measured; 'editor'.
  chosen_by text check (chosen_by in ('measure', 'default', 'editor')),
  -- What was counted of each variant, from when the retention takes its rows away.
  counts jsonb,
  check (chosen between 1 and cardinality(subjects))
);
