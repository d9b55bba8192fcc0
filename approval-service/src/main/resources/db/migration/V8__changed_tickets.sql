-- When the customer last wrote to the ticket of a request that waited for people.
alter table approval add column ticket_changed_at timestamptz;

-- Somebody who is not proven to be the customer wrote to the ticket after this was proposed. A preparation may come
-- after that.
alter table proposal add column doubted boolean not null default false;
