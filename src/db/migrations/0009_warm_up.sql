-- Warm-up: a sending domain's mail grows day by day.

-- What claims and counts need of a publication's document, without reading the document each time. Null: it does not warm up.
alter table publications
  add column from_domain text generated always as (lower(split_part(document #>> '{from,address}', '@', 2))) stored,
  add column warm_start int generated always as ((document #>> '{delivery,warmUp,start}')::int) stored,
  add column warm_factor numeric generated always as ((document #>> '{delivery,warmUp,factor}')::numeric) stored,
  add column warm_until int generated always as ((document #>> '{delivery,warmUp,until}')::int) stored,
  -- A date; as text, since reading one depends on a session's settings.
  add column warm_from text generated always as (document #>> '{delivery,warmUp,from}') stored;

-- Messages that a warming domain sent on a day (UTC), attempts included. Written in the statement that claims, so it is as lasting and as
-- exact as the ledger.
create table sending_days (
  domain text not null,
  day date not null,
  sent int not null default 0,
  primary key (domain, day)
);
