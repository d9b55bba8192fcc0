-- Something to be done to the outside world.
create table action (
    client_id      text        not null,
    action_id      uuid        not null,
    ticket_id      uuid,
    action_type    text        not null,
    requester      text        not null,
    -- Whose ticket it is: {customer_id, email, verified}.
    customer       jsonb       not null,
    status         text        not null
        check (status in ('requested', 'prepared', 'awaiting_approval', 'approved', 'expired', 'executing',
                          'succeeded', 'failed', 'unknown', 'cancelled', 'rejected')),
    proposed       jsonb       not null,
    -- Counts preparations; 0 before the first.
    version        int         not null default 0,
    -- What would be executed: canonical JSON (RFC 8785), and its SHA-256 in hex.
    canonical      text,
    arguments_hash text,
    effect         jsonb,
    editor         text,
    -- An edit that waits to be prepared: {arguments, by}.
    edit           jsonb,
    approval_id    uuid,
    decided_by     text,
    -- Counts calls of the provider; the key of all of them is the same.
    attempt        int         not null default 0,
    provider       text,
    result         jsonb,
    failure_code   text,
    failure_reason text,
    -- Counts changes of the row from 1: feed version.
    revision       bigint      not null,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    primary key (client_id, action_id),
    check ((version = 0) = (canonical is null)),
    check (status not in ('approved', 'executing', 'unknown', 'succeeded') or approval_id is not null),
    check (status not in ('executing', 'unknown', 'succeeded') or attempt > 0)
);
create index action_newest on action (client_id, created_at desc, action_id desc);
create index action_by_ticket on action (client_id, ticket_id, created_at desc, action_id desc);
create index action_by_status on action (client_id, status, created_at desc, action_id desc);
call protect_by_client('action');

-- What happened to an action, in order, for people.
create table action_step (
    client_id text        not null,
    action_id uuid        not null,
    position  bigint      not null generated always as identity,
    step      text        not null,
    at        timestamptz not null,
    detail    text,
    primary key (client_id, action_id, position),
    foreign key (client_id, action_id) references action
);
call protect_by_client('action_step');
