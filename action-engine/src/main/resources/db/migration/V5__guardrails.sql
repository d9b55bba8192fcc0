-- Guardrails of a client, one row for each version; the newest holds.
create table guardrail_set (
    client_id  text        not null,
    version    bigint      not null check (version > 0),
    rules      jsonb       not null,
    changed_by text        not null,
    changed_at timestamptz not null,
    reason     text,
    primary key (client_id, version)
);
call protect_by_client('guardrail_set');

-- What began, for rules that count. Written in the transaction of the intent.
create table guardrail_start (
    client_id   text        not null,
    action_id   uuid        not null,
    action_type text        not null,
    target      text,
    amount      numeric(19, 4),
    currency    text,
    started_at  timestamptz not null,
    -- How it ended, null while it has not.
    succeeded   boolean,
    primary key (client_id, action_id)
);
create index guardrail_start_by_target on guardrail_start (client_id, target, started_at desc) where target is not null;
create index guardrail_start_newest on guardrail_start (client_id, started_at desc);
call protect_by_client('guardrail_start');

-- A row for each rule that counts over several targets: whoever counts locks it first.
create table guardrail_counter (
    client_id text   not null,
    rule      text   not null,
    passages  bigint not null default 1,
    primary key (client_id, rule)
);
call protect_by_client('guardrail_counter');

-- Targets on which the last actions failed.
create table guardrail_breaker (
    client_id       text        not null,
    target          text        not null,
    failures        int         not null,
    last_failure_at timestamptz not null,
    -- Nothing begins on the target before.
    open_until      timestamptz,
    rule            text        not null,
    primary key (client_id, target)
);
call protect_by_client('guardrail_breaker');

-- A client's own kill switch.
create table kill_switch (
    client_id  text        not null primary key,
    is_on      boolean     not null,
    changed_by text        not null,
    changed_at timestamptz not null,
    reason     text        not null,
    -- Counts changes from 1: feed version.
    revision   bigint      not null
);
call protect_by_client('kill_switch');

-- The operators' kill switch, for all clients at once: it belongs to none.
create table kill_switch_of_all (
    only_row   boolean     not null primary key default true check (only_row),
    is_on      boolean     not null,
    changed_by text        not null,
    changed_at timestamptz not null,
    reason     text        not null
);
