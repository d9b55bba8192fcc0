-- What was said on the ticket before the run began, of a run that takes a ticket up again; as it was received.
alter table run add column earlier jsonb;
