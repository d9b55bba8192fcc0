-- The newest status of a ticket that its source has told of: what is older, or comes again, changes nothing.
create table upstream_status (
    client_id text        not null,
    ticket_id uuid        not null,
    -- When it was set there.
    at        timestamptz not null,
    -- Those of that moment: clocks may count seconds.
    statuses  text[]      not null,
    primary key (client_id, ticket_id),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id)
);
call protect_by_client('upstream_status');
