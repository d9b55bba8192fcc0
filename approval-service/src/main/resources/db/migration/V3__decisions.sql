-- What policy knew of the action, who must decide by when, and who is at it.
alter table approval
    add column facts           jsonb,
    add column policy_version  bigint not null default 0,
    add column rule_in_words   text   not null default '',
    -- How many distinct people must approve; 0 where policy decided alone.
    add column needed          int    not null default 1 check (needed >= 0),
    add column remind_every_ms bigint,
    add column remind_at       timestamptz,
    add column reminders       int    not null default 0,
    add column escalate_at     timestamptz,
    add column escalate_to     text[] not null default '{}',
    add column escalated_at    timestamptz,
    add column claimed_by      text,
    add column claimed_until   timestamptz,
    add check ((claimed_by is null) = (claimed_until is null));

-- Who has approved a request; the key makes people count once.
create table approval_vote (
    client_id   text        not null,
    approval_id uuid        not null,
    voter       text        not null,
    reason      text,
    voted_at    timestamptz not null,
    primary key (client_id, approval_id, voter)
);
call protect_by_client('approval_vote');

-- Which run of the agent proposed which action, and why that is over, if it is: a run that went on without it, or
-- another one that took the ticket up. A preparation may come after that.
create table proposal (
    client_id text not null,
    action_id uuid not null,
    ticket_id uuid not null,
    run_id    uuid not null,
    overtaken text,
    primary key (client_id, action_id)
);
create index proposal_by_ticket on proposal (client_id, ticket_id);
call protect_by_client('proposal');
