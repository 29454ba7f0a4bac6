-- Keeping: what stays of an issue whose rows are gone, and what each process is doing.

-- Counts of rows that the retention took away. Each statement that deletes rows adds what they counted here, so rows and totals together
-- come to the same at every moment. No reader is named.
create table issue_totals (
  issue_id bigint not null references issues on delete cascade,
  -- 'recipient' (name: state), 'revision' (number), 'like' (summary), 'click' (link), 'event' (kind), 'outcome' ('complained', 'hard', 'soft').
  kind text not null,
  name text not null,
  -- Of 'recipient': why it was excluded.
  detail text not null default '',
  n bigint not null,
  -- Of 'click': readers with one that did not look like a machine's.
  people bigint not null default 0,
  primary key (issue_id, kind, name, detail)
);

-- What the process did of late, written with its heartbeat: model/doing.ts.
alter table workers add column doing jsonb;
