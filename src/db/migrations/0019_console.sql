-- What staff did in the console: rows are only added.
create table audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  -- Kept when the account is gone.
  staff_id bigint not null,
  email text not null,
  -- 'issue.pause', 'staff.invite'.
  act text not null,
  -- What it was done to: an issue's id, a publication's slug. No reader's address.
  subject text not null,
  detail jsonb
);
create index audit_subject on audit (act, subject, id);
