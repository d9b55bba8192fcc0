-- Tickets of Zendesk accounts: how far each account was read, who read it, and what is written back.

-- Where the next run of a channel goes on in Zendesk's incremental export.
create table zendesk_cursor (
    client_id  text        not null,
    channel_id text        not null,
    cursor     text        not null,
    updated_at timestamptz not null,
    primary key (client_id, channel_id)
);

-- A ticket there and ours here.
create table zendesk_ticket (
    client_id    text        not null,
    channel_id   text        not null,
    zendesk_id   bigint      not null,
    ticket_id    uuid        not null,
    received_at  timestamptz not null,
    -- When the outcome stood at Zendesk; absent while it is being worked on.
    processed_at timestamptz,
    -- How often it came again.
    duplicates   int         not null default 0,
    primary key (client_id, channel_id, zendesk_id),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id)
);
create unique index zendesk_ticket_by_ticket on zendesk_ticket (client_id, ticket_id);

create table zendesk_run (
    client_id        text        not null,
    run_id           uuid        not null,
    channel_id       text        not null,
    -- request (a person asked) or webhook (Zendesk told of one ticket).
    trigger          text        not null check (trigger in ('request', 'webhook')),
    -- The only ticket of a run by webhook.
    zendesk_id       bigint,
    force            boolean     not null,
    ticket_limit     int         not null check (ticket_limit >= 1),
    only_unprocessed boolean     not null,
    industry         text,
    -- pulling (tickets are fetched), waiting (for what the agent makes of them), completed, failed.
    state            text        not null check (state in ('pulling', 'waiting', 'completed', 'failed')),
    cursor           text,
    -- Calls in a row that Zendesk did not answer.
    troubles         int         not null default 0,
    error            text,
    created_by       text        not null,
    created_at       timestamptz not null,
    finished_at      timestamptz,
    primary key (client_id, run_id),
    check ((zendesk_id is not null) = (trigger = 'webhook'))
);
create index zendesk_run_by_time on zendesk_run (client_id, created_at desc, run_id desc);
-- Two at once would fetch the same tickets.
create unique index zendesk_run_pulling on zendesk_run (client_id, channel_id)
    where state = 'pulling' and trigger = 'request';

-- What became of each ticket of a run.
create table zendesk_run_ticket (
    client_id        text        not null,
    run_id           uuid        not null,
    zendesk_id       bigint      not null,
    ticket_id        uuid,
    state            text        not null check (state in ('waiting', 'succeeded', 'failed', 'skipped')),
    -- Why it was skipped, or what went wrong.
    reason           text,
    processed_at     timestamptz,
    duplicates       int         not null default 0,
    comment_added    boolean     not null default false,
    comment_updated  boolean     not null default false,
    draft_status     text        not null check (draft_status in ('waiting', 'draft', 'sent', 'none', 'failed')),
    draft_word_count int         not null default 0,
    preview          text,
    updated_at       timestamptz not null,
    primary key (client_id, run_id, zendesk_id),
    foreign key (client_id, run_id) references zendesk_run (client_id, run_id)
);
create index zendesk_run_ticket_waiting on zendesk_run_ticket (client_id, ticket_id) where ticket_id is not null;

-- What goes to Zendesk: a message as a comment, or how a run ended without one.
create table zendesk_write (
    client_id  text        not null,
    -- The message's id or the agent's run's; the marker of the comment.
    write_id   uuid        not null,
    ticket_id  uuid        not null,
    -- comment, resolved, escalated or failed.
    kind       text        not null check (kind in ('comment', 'resolved', 'escalated', 'failed')),
    state      text        not null check (state in ('pending', 'written', 'failed')),
    -- Counted before Zendesk is called: after the first, a comment of ours may stand there.
    attempts   int         not null default 0,
    error      text,
    created_at timestamptz not null,
    settled_at timestamptz,
    primary key (client_id, write_id),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id)
);
create index zendesk_write_by_ticket on zendesk_write (client_id, ticket_id);

call protect_by_client('zendesk_cursor');
call protect_by_client('zendesk_ticket');
call protect_by_client('zendesk_run');
call protect_by_client('zendesk_run_ticket');
call protect_by_client('zendesk_write');
