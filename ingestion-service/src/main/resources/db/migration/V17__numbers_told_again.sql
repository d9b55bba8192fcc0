-- Dashboards are told a client's numbers again from time to time, also those that have not changed: a gateway that starts
-- learns only what it hears.

-- When the numbers changed last. Later than what was told last: that change has yet to be told.
alter table figure_told add column changed_at timestamptz not null default now();

-- Every client that has numbers, and when its dashboards are to be told next. Ids of clients only.
alter table figure_owed add column due timestamptz not null default now();
create index figure_owed_by_due on figure_owed (due);

alter table figure_told no force row level security;
insert into figure_owed (client_id) select client_id from figure_told on conflict do nothing;
alter table figure_told force row level security;
