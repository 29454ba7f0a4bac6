-- Mail that comes back.

-- How a reader's turn reached us when not by a link in a message: 'mail'.
alter table events add column source text;

-- Replies that were forwarded, for a week: the same mail is not forwarded twice, and nobody can flood an editor. No address is kept.
create table forwarded_mail (
  -- sha-256 of the mail.
  digest bytea not null,
  publication_id bigint not null,
  -- Keyed hash of the sender's address.
  sender bytea not null,
  at timestamptz not null default now(),
  primary key (digest, publication_id)
);
create index forwarded_mail_at on forwarded_mail (at);
