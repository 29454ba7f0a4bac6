-- The delivery engine: corrections while an issue goes out, what is sent again on purpose, lanes of domains that only DNS can tell.

-- Giving up on a deferred reader counts from here: set when a person resumes or sends again.
alter table issues add column reopened_at timestamptz;

-- An erratum goes to those who have the issue it corrects, and to nobody else.
alter table issues drop constraint issues_kind_check;
alter table issues add constraint issues_kind_check check (kind in ('regular', 'test', 'rehearsal', 'erratum'));
alter table issues add column corrects bigint references issues;

-- What an editor said of a correction.
alter table revisions add column note text;

-- Number of the revision that this reader was sent, or is being sent.
alter table recipients add column revision int;

-- Few rows of a good send; the breaker and the closing ledger look at them often.
create index recipients_failed on recipients (issue_id, state, reason) where state in ('rejected', 'expired', 'unknown');

-- Mailbox domains looked up in DNS. A null lane: none of ours, or no answer; asked again after a while.
create table mailbox_domains (
  domain text primary key,
  lane text,
  looked_at timestamptz not null default now()
);

-- Batches are looked for lane by lane.
drop index batches_issue;
create index batches_issue on batches (issue_id, lane, id);

-- The planner takes issue, batch and subscriber of each row from the tables themselves; checking every row against them again, and
-- locking every subscriber for it, is a third of the time of planning a large audience. A person may be deleted: the ledger's rows stay,
-- so that the accounting of what was sent still adds up.
alter table recipients drop constraint recipients_issue_id_fkey;
alter table recipients drop constraint recipients_batch_id_fkey;
alter table recipients drop constraint recipients_subscriber_id_fkey;
