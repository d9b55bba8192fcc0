-- Steps are noted as before, by statements that are planned once in a session.
create or replace function note_steps() returns trigger
    language plpgsql set search_path = ${schema}, pg_temp set enable_seqscan = off
as $$
begin
    -- These change nothing that is counted. They stand here and below as a list: with a variable in it a statement is
    -- planned anew at each call, which takes longer than running it.
    if not exists (
        select from fresh
        where event not in ('reply_drafted', 'run_parked', 'run_started', 'action_requested', 'action_proposed',
                            'action_prepared', 'action_started', 'action_succeeded', 'action_outcome_unknown',
                            'tools_called', 'message_taken')
    ) then
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
        where f.event not in ('reply_drafted', 'run_parked', 'run_started', 'action_requested', 'action_proposed',
                              'action_prepared', 'action_started', 'action_succeeded', 'action_outcome_unknown',
                              'tools_called', 'message_taken')
        returning client_id, ticket_id, seq
    )
    insert into step_waiting (client_id, ticket_id, seq)
    select client_id, ticket_id, seq from noted order by ticket_id, seq;
    return null;
end
$$;
