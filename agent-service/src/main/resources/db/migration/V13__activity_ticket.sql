-- What an activity was done for; unknown of those that were kept without it.
alter table ai_activity add column ticket_id uuid;
