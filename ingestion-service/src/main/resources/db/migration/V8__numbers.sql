-- What the dashboards' numbers are made of, and the numbers.

-- What happened to tickets, as far as it is counted: written by the statement that writes the timeline, kept for ever,
-- so that the numbers can be made anew. Holds no text and no names.
create table ticket_step (
    client_id         text        not null,
    ticket_id         uuid        not null,
    -- The timeline's.
    seq               bigint      not null,
    at                timestamptz not null,
    event             text        not null,
    by_person         boolean     not null,
    -- How the ticket stood when that was done.
    status            text        not null,
    channel           text        not null,
    priority          text,
    category          text,
    -- What only this event told.
    industry          text,
    outcome           text,
    processing_millis double precision,
    -- Whether something was said to the customer.
    replied           boolean     not null,
    primary key (client_id, ticket_id, seq)
);
call protect_by_client('ticket_step');

-- How the ticket stood after the entry; several changes may be written together, and then the row tells only the last.
alter table timeline_entry add column status text;

-- Steps that no number holds yet. Ids only: who counts looks for clients with work here, then enters the client.
create table step_waiting (
    position  bigint      generated always as identity primary key,
    client_id text        not null,
    ticket_id uuid        not null,
    seq       bigint      not null,
    since     timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000, fillfactor = 100);
create index step_waiting_of_client on step_waiting (client_id, position);

-- The numbers: counts of a figure by key, for each minute, quarter of an hour, day (UTC) and in total. Counts add up, so
-- do the classes of times, of which percentiles are read.
create table figure (
    client_id text        not null,
    grain     text        not null check (grain in ('minute', 'quarter', 'day', 'total')),
    start     timestamptz not null,
    name      text        not null,
    key       text        not null,
    value     bigint      not null,
    primary key (client_id, grain, start, name, key)
-- The row of the running minute changes all the time, in no indexed column.
) with (fillfactor = 70);
call protect_by_client('figure');

-- When the client's dashboards were last told.
create table figure_told (
    client_id text        not null primary key,
    version   bigint      not null,
    at        timestamptz not null
);
call protect_by_client('figure_told');

-- Clients whose dashboards have yet to be told. Ids only.
create table figure_owed (
    client_id text not null primary key
);

-- How the newest count from the beginning goes on.
create table figure_rebuild (
    client_id   text        not null primary key,
    rebuild_id  uuid        not null,
    asked_by    text        not null,
    asked_at    timestamptz not null,
    state       text        not null check (state in ('waiting', 'running', 'done')),
    steps       bigint      not null,
    changed_at  timestamptz not null
);
call protect_by_client('figure_rebuild');

-- A step is part of the change, whoever writes it: nobody can forget it, and it is there if and only if the change is.
-- The ticket and what was said must be written before the timeline, or by the same statement.
create function note_steps() returns trigger
    language plpgsql set search_path = ${schema}, pg_temp set enable_seqscan = off
as $$
declare
    -- These change nothing that is counted.
    uncounted constant text[] := '{reply_drafted,run_parked,run_started,action_requested,action_proposed,action_prepared,action_started,action_succeeded,action_outcome_unknown}';
begin
    if not exists (select from fresh where event <> all (uncounted)) then
        return null;
    end if;
    with noted as (
        insert into ticket_step (client_id, ticket_id, seq, at, event, by_person, status, channel, priority, category,
                                 industry, outcome, processing_millis, replied)
        select f.client_id, f.ticket_id, f.seq, f.at, f.event, starts_with(f.actor, 'user:'),
            coalesce(f.status, t.status), t.channel, t.priority, t.category,
            f.data ->> 'industry',
            case when jsonb_typeof(f.data -> 'run_id') = 'string' then f.data ->> 'outcome' end,
            case when jsonb_typeof(f.data -> 'processing_millis') = 'number'
                then (f.data ->> 'processing_millis')::double precision end,
            (select true from message m
             where m.client_id = f.client_id and m.ticket_id = f.ticket_id and m.seq = f.seq
               and m.direction = 'outbound' limit 1) is not null
        from fresh f cross join lateral (
            -- The limits leave the planner one way only, by the keys of each row. A join it would plan by the tables' size at
            -- the first call, and keep.
            select t.status, t.channel, t.priority, t.category from ticket t
            where t.client_id = f.client_id and t.ticket_id = f.ticket_id limit 1
        ) t
        where f.event <> all (uncounted)
        returning client_id, ticket_id, seq
    )
    insert into step_waiting (client_id, ticket_id, seq)
    select client_id, ticket_id, seq from noted order by ticket_id, seq;
    return null;
end
$$;

create trigger steps_of_timeline after insert on timeline_entry
    referencing new table as fresh for each statement execute function note_steps();

-- Tickets from before this migration. What their status was in between is read from what happened; how they stand now is
-- known.
alter table ticket no force row level security;
alter table timeline_entry no force row level security;
alter table message no force row level security;
alter table ticket_step no force row level security;
insert into ticket_step (client_id, ticket_id, seq, at, event, by_person, status, channel, priority, category,
                         industry, outcome, processing_millis, replied)
select f.client_id, f.ticket_id, f.seq, f.at, f.event, starts_with(f.actor, 'user:'),
    case
        when f.seq = max(f.seq) over (partition by f.client_id, f.ticket_id) then t.status
        when f.event = 'ticket_received' then 'received'
        when f.event = 'approval_requested' then 'awaiting_approval'
        when f.event = 'approval_granted' then 'acting'
        when f.event in ('ticket_resolved', 'ticket_escalated', 'ticket_failed') then substr(f.event, 8)
        else 'analyzing'
    end,
    t.channel, t.priority, t.category, f.data ->> 'industry',
    case when jsonb_typeof(f.data -> 'run_id') = 'string' then f.data ->> 'outcome' end,
    case when jsonb_typeof(f.data -> 'processing_millis') = 'number'
        then (f.data ->> 'processing_millis')::double precision end,
    exists (select from message m
            where m.client_id = f.client_id and m.ticket_id = f.ticket_id and m.seq = f.seq and m.direction = 'outbound')
from timeline_entry f join ticket t using (client_id, ticket_id)
where f.event not in ('reply_drafted', 'run_parked', 'run_started', 'action_requested', 'action_proposed',
                      'action_prepared', 'action_started', 'action_succeeded', 'action_outcome_unknown');
insert into step_waiting (client_id, ticket_id, seq)
select client_id, ticket_id, seq from ticket_step order by client_id, ticket_id, seq;
alter table ticket force row level security;
alter table timeline_entry force row level security;
alter table message force row level security;
alter table ticket_step force row level security;
