-- Who works for a client in the agent's name.
create table ai_employee (
    client_id    text        not null,
    name         text        not null,
    employee_id  uuid        not null unique,
    display_name text        not null,
    role         text        not null,
    avatar       text,
    tone         text        not null check (tone in ('friendly', 'formal', 'concise')),
    metric_name  text        not null,
    metric_unit  text        not null,
    tools        text[]      not null,
    intents      text[]      not null,
    languages    text[]      not null,
    enabled      boolean     not null,
    -- Counts changes of the row from 1: its ETag.
    revision     bigint      not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    primary key (client_id, name)
);
call protect_by_client('ai_employee');

-- Whether somebody was at work a moment ago. Stays when the employee goes, so that the versions of its feed records go on
-- counting if there is one of that name again.
create table ai_presence (
    client_id text    not null,
    name      text    not null,
    active    boolean not null,
    version   bigint  not null,
    primary key (client_id, name)
);
call protect_by_client('ai_presence');

-- Who had which run in hand, and for how long.
create table ai_work (
    run_id      uuid        primary key,
    client_id   text        not null,
    ai_employee text        not null,
    -- Since when it is being worked on; null while it waits for a decision, and afterwards.
    since       timestamptz,
    worked_ms   bigint      not null default 0,
    -- Whether it ever waited for a decision.
    waited      boolean     not null default false,
    touched_at  timestamptz not null,
    finished_at timestamptz,
    outcome     text check (outcome in ('resolved', 'escalated', 'failed')),
    check ((finished_at is null) = (outcome is null)),
    check (finished_at is null or since is null)
);
create index ai_work_finished on ai_work (client_id, ai_employee, finished_at);
create index ai_work_touched on ai_work (client_id, ai_employee, touched_at desc);
call protect_by_client('ai_work');

-- What was done, for people to follow. Holds no text of a customer's.
create table ai_activity (
    activity_id uuid        primary key,
    client_id   text        not null,
    ai_employee text        not null,
    type        text        not null check (type in ('call', 'booking', 'email', 'task')),
    description text        not null,
    customer    text,
    outcome     text,
    occurred_at timestamptz not null
);
create index ai_activity_newest on ai_activity (client_id, occurred_at desc, activity_id desc);
create index ai_activity_of on ai_activity (client_id, ai_employee, occurred_at desc, activity_id desc);
call protect_by_client('ai_activity');
