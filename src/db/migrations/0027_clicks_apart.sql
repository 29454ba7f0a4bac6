-- Clicks are told later than the rest, once it is known whose they are: they are read behind a cursor of their own, so that nothing waits for them.
alter table webhook_cursors drop constraint webhook_cursors_source_check;
alter table webhook_cursors add check (source in ('events', 'clicks', 'changes'));
insert into webhook_cursors select 'clicks', last_id from webhook_cursors where source = 'events';
