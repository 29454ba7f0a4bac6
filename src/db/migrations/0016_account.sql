-- What readers settle themselves: how often, pauses, their address, why they left; and the digest of those who want one mail a month.

-- 'monthly': left out of regular issues, sent the digest instead.
alter table subscriptions add column frequency text not null default 'every' check (frequency in ('every', 'monthly'));
-- Of `paused`: when it resumes by itself; null: when the reader says so.
alter table subscriptions add column paused_until timestamptz;
-- No opens of this reader are measured, whatever the publication does.
alter table subscriptions add column opens_off boolean not null default false;
-- Of `unsubscribed`: why, when the reader cared to say; said once per leaving.
alter table subscriptions add column left_reason text;
alter table subscriptions add column left_note text;

create index subscriptions_resuming on subscriptions (paused_until) where state = 'paused' and paused_until is not null;
create index subscriptions_monthly on subscriptions (publication_id) where frequency = 'monthly' and state = 'active';
create index subscriptions_left on subscriptions (left_issue_id) where left_issue_id is not null;

-- A digest is an issue of its own: the ledger, the lanes and the ways out are those of any other.
alter table issues drop constraint issues_kind_check;
alter table issues add constraint issues_kind_check check (kind in ('regular', 'test', 'rehearsal', 'erratum', 'digest'));
-- One a month: the row is there before its issue is.
create table digests (
  publication_id bigint not null references publications,
  -- First day of the month whose issues it lists.
  month date not null,
  issue_id bigint not null,
  primary key (publication_id, month)
);

-- Since when the address is theirs; null: from the beginning. What comes back of mail sent before says nothing of it.
alter table subscribers add column address_since timestamptz;

-- A new address waits for its holder to confirm it; the old one can take it back for a while. The addresses are emptied after that; the row
-- stays, so that no number comes twice.
create table address_changes (
  subscriber_id bigint not null references subscribers on delete cascade,
  -- Carried by the letters' links.
  number int not null check (number between 1 and 65535),
  publication_id bigint not null references publications,
  email text,
  email_key text,
  domain text,
  address_hash bytea,
  -- Once it was applied.
  old_email text,
  old_email_key text,
  old_domain text,
  old_hash bytea,
  asked_at timestamptz not null default now(),
  applied_at timestamptz,
  undone_at timestamptz,
  primary key (subscriber_id, number)
);
create index address_changes_kept on address_changes (asked_at) where email is not null;

-- A person's likes, for their data and its deletion.
create index likes_subscriber on likes (subscriber_id);
