-- Who clicked lately, without reading all clicks of an issue: what is judged while readers click (db/events.ts, markSweeps).
create index events_clicks on events (issue_id, at) where kind = 'click';
