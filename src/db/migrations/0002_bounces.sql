-- What mailbox providers report back: bounces and complaints, as events of the reader and issue that the signed return path names.
alter table events drop constraint events_kind_check;
alter table events add constraint events_kind_check check (kind in (
  'click', 'open', 'unsubscribe', 'resubscribe', 'like', 'unlike',
  -- 'bounce-policy': refused for what or who we are; says nothing about the address.
  'bounce-hard', 'bounce-soft', 'bounce-policy', 'complaint'
));

-- The idempotency key: one of each per reader and issue, however often and in whatever form it is reported.
create unique index events_reported on events (issue_id, subscriber_id, kind)
  where kind in ('bounce-hard', 'bounce-soft', 'bounce-policy', 'complaint');
