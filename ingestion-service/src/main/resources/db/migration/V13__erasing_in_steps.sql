-- The request that attached a file; sent again, it attaches nothing a second time.
alter table stored_file add column request_key text;
create index stored_file_by_request on stored_file (client_id, message_id, request_key) where request_key is not null;

-- How far the erasure of a customer has come: one commit erases some of the tickets, and the next one goes on behind the
-- last of them, in whichever process.
create table customer_erasure (
    client_id   text        not null,
    customer_id uuid        not null,
    -- All that the customer wrote from; gone when all is erased.
    addresses   text[],
    actor       text        not null,
    reason      text        not null,
    -- How many there were, how many are erased, and the last of those.
    tickets     int         not null,
    erased      int         not null default 0,
    last_ticket uuid,
    started_at  timestamptz not null,
    ended_at    timestamptz,
    primary key (client_id, customer_id),
    foreign key (client_id, customer_id) references customer (client_id, customer_id),
    check ((addresses is null) = (ended_at is not null))
);
call protect_by_client('customer_erasure');
create index dead_letter_by_key on dead_letter (client_id, key) where key is not null;
