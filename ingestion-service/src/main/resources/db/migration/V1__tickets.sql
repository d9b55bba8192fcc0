-- Customers, tickets, what was said on them, and what became of them.
-- Keys begin with the client: row-level security compares it first, so every look-up is one descent of an index.

create table customer (
    client_id   text        not null,
    customer_id uuid        not null,
    email       text        not null check (email = lower(email)),
    created_at  timestamptz not null,
    primary key (client_id, customer_id),
    unique (client_id, email)
);

create table ticket (
    client_id       text        not null,
    ticket_id       uuid        not null,
    -- Counts the changes of this ticket, from 1; equals the seq of its newest timeline entry.
    version         bigint      not null check (version >= 1),
    status          text        not null check (status in
        ('received', 'analyzing', 'awaiting_approval', 'acting', 'resolved', 'escalated', 'failed', 'closed')),
    channel         text        not null,
    -- Whose external ids these are: the channel, or a named source behind it.
    source          text        not null,
    external_id     text,
    customer_id     uuid        not null,
    -- Of this ticket's sender, not of the customer: anybody can write another's address into a later mail.
    sender_verified boolean     not null,
    subject         text        not null,
    body            text        not null,
    metadata        jsonb       not null,
    priority        text,
    priority_given  boolean     not null,
    category        text,
    confidence      double precision,
    language        text,
    sentiment       text,
    run_id          uuid,
    action_id       uuid,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    resolved_at     timestamptz,
    primary key (client_id, ticket_id),
    foreign key (client_id, customer_id) references customer (client_id, customer_id),
    check (run_id is not null or status not in ('analyzing', 'awaiting_approval', 'acting')),
    check ((action_id is not null) = (status in ('awaiting_approval', 'acting')))
-- Most changes touch no indexed column; with room on the page they need no new index entries.
) with (fillfactor = 80);

create unique index ticket_by_external_id on ticket (client_id, external_id, source) where external_id is not null;
create index ticket_by_time on ticket (client_id, created_at desc, ticket_id desc);
create index ticket_by_status on ticket (client_id, status, created_at desc, ticket_id desc);
create index ticket_by_channel on ticket (client_id, channel, created_at desc, ticket_id desc);
create index ticket_by_priority on ticket (client_id, priority, created_at desc, ticket_id desc)
    where priority is not null;
create index ticket_by_category on ticket (client_id, category, created_at desc, ticket_id desc)
    where category is not null;
create index ticket_by_customer on ticket (client_id, customer_id, created_at desc);

create table message (
    client_id  text        not null,
    ticket_id  uuid        not null,
    -- The version of the ticket that brought it.
    seq        bigint      not null,
    message_id uuid        not null,
    direction  text        not null check (direction in ('inbound', 'outbound')),
    text       text        not null,
    state      text        not null check (state in ('pending', 'sent', 'delivered', 'read', 'failed')),
    created_at timestamptz not null,
    primary key (client_id, ticket_id, seq, message_id),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id)
);

create table timeline_entry (
    client_id text        not null,
    ticket_id uuid        not null,
    seq       bigint      not null,
    event     text        not null,
    at        timestamptz not null,
    actor     text        not null,
    summary   text        not null,
    data      jsonb       not null,
    primary key (client_id, ticket_id, seq),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id)
);

-- Idempotency-Key headers, each with the request it came with.
create table request_key (
    client_id    text        not null,
    key          text        not null,
    request_hash bytea       not null,
    ticket_id    uuid        not null,
    created_at   timestamptz not null,
    primary key (client_id, key),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id)
);

call protect_by_client('customer');
call protect_by_client('ticket');
call protect_by_client('message');
call protect_by_client('timeline_entry');
call protect_by_client('request_key');
