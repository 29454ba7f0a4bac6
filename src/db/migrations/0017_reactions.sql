-- What readers and visitors do with an issue beside reading it: likes on the web, comments, sharing.

-- Likes of visitors without a reader's link, as counts: nothing of a person. Readers' own are in likes.
create table web_likes (
  issue_id bigint not null references issues,
  -- 0: the issue itself.
  summary int not null check (summary between 0 and 65535),
  -- UTC.
  day date not null,
  n bigint not null check (n >= 0),
  primary key (issue_id, summary, day)
);

create table comments (
  id bigint generated always as identity primary key,
  publication_id bigint not null references publications,
  issue_id bigint not null references issues,
  -- 0: about the issue as a whole.
  summary int not null default 0 check (summary between 0 and 65535),
  -- Null: the person was deleted.
  subscriber_id bigint references subscribers on delete set null,
  -- What it answers; that one answers nothing (one level).
  parent_id bigint references comments,
  -- The name shown, as it was when written.
  author text not null check (char_length(author) <= 60),
  -- Markdown; '' once deleted.
  body text not null check (char_length(body) <= 4000),
  state text not null check (state in ('pending', 'published', 'hidden', 'deleted')),
  created_at timestamptz not null default now(),
  edited_at timestamptz,
  -- When it became public: what its parent's author is told of counts from there.
  published_at timestamptz,
  -- Of an answer: when the author of what it answers was told, or was not to be.
  told_at timestamptz
);
create index comments_thread on comments (issue_id, id) where parent_id is null;
create index comments_answers on comments (parent_id, id) where parent_id is not null;
create index comments_author on comments (subscriber_id, publication_id, created_at);
create index comments_waiting on comments (publication_id, id) where state = 'pending';
create index comments_untold on comments (published_at) where parent_id is not null and state = 'published' and told_at is null;
-- The same words pressed twice, at once or again, are one comment.
create unique index comments_once on comments (issue_id, subscriber_id, coalesce(parent_id, 0), summary, md5(body)) where state <> 'deleted';

-- Whoever is deleted takes their words along, by whatever way they go.
create or replace function forget_comments() returns trigger language plpgsql as $$
begin
  update comments set state = 'deleted', body = '', author = '' where subscriber_id = old.id and state <> 'deleted';
  return old;
end $$;
create trigger subscribers_comments before delete on subscribers for each row execute function forget_comments();

-- Name under a reader's comments, as they chose it.
alter table subscriptions add column display_name text;
-- No letters about answers.
alter table subscriptions add column quiet boolean not null default false;

-- Random; made when its owner asks for a link of their own.
alter table subscriptions add column referral_code text;
create unique index subscriptions_referral_code on subscriptions (referral_code) where referral_code is not null;
-- The code of the link through which this person came to the form, as it arrived there.
alter table subscriptions add column referred_by text check (char_length(referred_by) <= 40);
create index subscriptions_referred_by on subscriptions (referred_by) where referred_by is not null;
