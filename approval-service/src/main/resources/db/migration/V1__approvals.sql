-- What somebody or something must decide about an action, one row per preparation of it.
create table approval (
    client_id        text        not null,
    approval_id      uuid        not null,
    action_id        uuid        not null,
    ticket_id        uuid,
    version          int         not null check (version >= 1),
    action_type      text        not null,
    arguments        jsonb       not null,
    arguments_hash   text        not null,
    effect           jsonb       not null,
    requester        text        not null,
    editor           text,
    -- Who may not approve it: the requester, and whoever widened it by an edit.
    barred           text[]      not null,
    rule             text        not null,
    -- Roles of which one must approve; empty where policy decided alone.
    roles            text[]      not null,
    status           text        not null
        check (status in ('pending', 'approved', 'rejected', 'responded', 'expired', 'cancelled')),
    decision         text check (decision in ('approve', 'reject', 'respond', 'edit')),
    decided_by       text,
    reason           text,
    edited_arguments jsonb,
    superseded_by    uuid,
    -- Counts changes of the row from 1: ETag and feed version.
    revision         bigint      not null,
    created_at       timestamptz not null,
    expires_at       timestamptz not null,
    decided_at       timestamptz,
    primary key (client_id, approval_id),
    unique (client_id, action_id, version),
    check ((status = 'pending') = (decided_at is null))
);
create index approval_newest on approval (client_id, created_at desc, approval_id desc);
create index approval_by_status on approval (client_id, status, created_at desc, approval_id desc);
create index approval_by_ticket on approval (client_id, ticket_id, created_at desc, approval_id desc);
call protect_by_client('approval');

-- db-scheduler's table: which approval lapses when. Ids only (client/approval), so no row security.
create table scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_due on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);
