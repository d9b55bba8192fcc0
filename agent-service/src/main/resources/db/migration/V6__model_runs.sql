-- How a client wants its tickets worked; each change is a row.
create table workflow (
    client_id  text        not null,
    version    bigint      not null check (version > 0),
    settings   jsonb       not null,
    changed_by text        not null,
    changed_at timestamptz not null,
    primary key (client_id, version)
);
call protect_by_client('workflow');

-- A run with a model: what was said so far, word for word, and what it used.
alter table run add column dialogue jsonb;

-- What a run with a model proposed. It goes on when all of its actions have news.
create table run_action (
    action_id uuid  primary key,
    client_id text  not null,
    run_id    uuid  not null references run,
    call_id   text  not null,
    tool      text  not null,
    order_id  text,
    news      jsonb
);
create index run_action_of_run on run_action (run_id);
call protect_by_client('run_action');

-- What each client's runs used of each model, by UTC day.
create table model_spend (
    client_id     text   not null,
    day           date   not null,
    model         text   not null,
    answers       bigint not null,
    input_tokens  bigint not null,
    output_tokens bigint not null,
    cost_micros   bigint not null,
    primary key (client_id, day, model)
);
call protect_by_client('model_spend');
