-- Discount codes of which each reader has one of their own.

create table code_pools (
  id bigint generated always as identity primary key,
  publication_id bigint not null references publications,
  name text not null,
  -- Last day on which they can be used.
  expires date,
  created_at timestamptz not null default now(),
  unique (publication_id, name)
);

create table discount_codes (
  id bigint generated always as identity primary key,
  pool_id bigint not null references code_pools,
  code text not null,
  -- Whose it is, and the issue that first brought it. Kept when the person is deleted: the code is spent.
  subscriber_id bigint,
  issue_id bigint,
  assigned_at timestamptz,
  -- Used at the shop, as its list says.
  redeemed_at timestamptz,
  unique (pool_id, code)
);
-- One per reader and pool, whatever is sent again: a retry, a resend, a later issue with the same pool.
create unique index discount_codes_reader on discount_codes (pool_id, subscriber_id) where subscriber_id is not null;
create index discount_codes_free on discount_codes (pool_id, id) where subscriber_id is null and redeemed_at is null;

-- The pool that the issue's promo names.
alter table issues add column pool_id bigint references code_pools;
