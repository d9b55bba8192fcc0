-- Taken by the provider and not ended yet: settling.
alter table action drop constraint action_status_check;
alter table action add constraint action_status_check
    check (status in ('requested', 'prepared', 'awaiting_approval', 'approved', 'expired', 'executing',
                      'succeeded', 'failed', 'unknown', 'settling', 'cancelled', 'rejected'));

-- What is touched, and where that runs, once prepared.
alter table action
    add column target      text,
    add column environment text,
    -- How sure the agent was, 0 to 1.
    add column confidence  double precision,
    -- Why an admin set the guardrails aside.
    add column break_glass text,
    -- When an approved action must have begun; those approved before have a quarter of an hour.
    add column approved_until timestamptz default now() + interval '15 minutes',
    -- The action whose arguments this one tries again.
    add column retry_of    uuid,
    -- The action that this one undoes.
    add column undoes      uuid,
    add foreign key (client_id, retry_of) references action,
    add foreign key (client_id, undoes) references action;
alter table action alter column approved_until drop default;
create index action_by_target on action (client_id, target, created_at desc, action_id desc) where target is not null;
-- What is undone is undone once.
create unique index action_undone_once on action (client_id, undoes)
    where undoes is not null and status not in ('failed', 'cancelled', 'rejected', 'expired');
-- What failed is tried again by one action; whoever asks twice gets the same.
create unique index action_retried_once on action (client_id, retry_of)
    where retry_of is not null and status not in ('cancelled', 'rejected', 'expired');

-- Held from the intent to the outcome: actions on one target run one at a time.
create table target_lock (
    client_id  text        not null,
    target     text        not null,
    action_id  uuid        not null,
    -- The attempt that took it.
    epoch      int         not null,
    taken_at   timestamptz not null,
    primary key (client_id, target),
    foreign key (client_id, action_id) references action
);
create unique index target_lock_of_action on target_lock (client_id, action_id);
call protect_by_client('target_lock');

-- Actions that found their target taken, in the order in which they came.
create table target_queue (
    client_id text        not null,
    target    text        not null,
    action_id uuid        not null,
    place     bigint      not null generated always as identity,
    since     timestamptz not null,
    primary key (client_id, action_id),
    foreign key (client_id, action_id) references action
);
create index target_queue_by_target on target_queue (client_id, target, place);
call protect_by_client('target_queue');
