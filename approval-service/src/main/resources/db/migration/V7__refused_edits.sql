-- Why the executor did not take over an edit: the request that follows asks again for what was asked before.
alter table approval add column edit_refused text;
