-- Figures that are drawn over time, kept so that looking at them counts nothing.

-- Each issue's report as it was counted last.
create table issue_figures (
  issue_id bigint primary key references issues on delete cascade,
  counted_at timestamptz not null default now(),
  report jsonb not null
);

-- How a publication grows, as counted last: readers by state, joined and left by day, cohorts by month of joining.
create table growth (
  publication_id bigint primary key references publications on delete cascade,
  counted_at timestamptz not null default now(),
  states jsonb not null,
  days jsonb not null,
  cohorts jsonb not null
);
