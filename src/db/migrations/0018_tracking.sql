-- Tracking: reports that do not grow with the events.

-- Clicks up to here are judged for good and counted into issue_totals (kind 'click'), whether their rows are still there or not; later ones
-- are counted from their rows. Null: none is.
alter table issues add column counted_until timestamptz;

-- As of events: why a like does not look like a person's; null: a person's, as far as known.
alter table likes add column machine text;

-- With the other small indexes of the ledger: all that is not accepted, so that `accepted` is what they leave of the batches' sizes.
create index recipients_excluded on recipients (issue_id, reason) include (batch_id) where state = 'excluded';
-- Presses of an issue's buttons, by what was liked, without reading their rows.
create index events_likes on events (issue_id, ref) where kind = 'like';
