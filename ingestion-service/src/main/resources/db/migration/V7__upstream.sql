-- Records that a consumer of any service has set aside. client_id is '~', which no client can be called, where nobody
-- knows whose a record is.
create table dead_letter (
    client_id     text        not null,
    letter_id     uuid        not null,
    state         text        not null check (state in ('open', 'replaying', 'replayed', 'discarded')),
    -- Full name of the topic it was read from, and topic-partition@offset.
    topic         text        not null,
    origin        text        not null,
    consumer      text        not null,
    reason        text        not null,
    event_type    text,
    event_id      text,
    key           bytea,
    value         bytea,
    header_names  text[]      not null,
    header_values bytea[]     not null,
    -- Of key and value: topics that are made anew begin to count at 0 again.
    fingerprint   bytea       not null,
    -- The letter that this one was before it was replayed, and failed again.
    replay_of     uuid,
    set_aside_at  timestamptz not null,
    created_at    timestamptz not null,
    -- What is published in place of the value.
    edited        bytea,
    settled_by    text,
    settled_at    timestamptz,
    note          text,
    primary key (client_id, letter_id),
    unique (client_id, origin, consumer, fingerprint),
    check ((state = 'open') = (settled_by is null)),
    check ((settled_by is null) = (settled_at is null))
);
create index dead_letter_by_time on dead_letter (client_id, created_at desc, letter_id desc);
create index dead_letter_by_state on dead_letter (client_id, state, created_at desc, letter_id desc);
create index dead_letter_unsettled on dead_letter (set_aside_at) where state in ('open', 'replaying');
create index dead_letter_settled on dead_letter (settled_at) where state in ('replayed', 'discarded');

call protect_by_client('dead_letter');

-- The functions below work for all clients, as the role that owns them. These policies are that role's alone.
create policy sweep_all on dead_letter to current_user using (true) with check (true);

-- How many letters nobody has settled, over all clients, and when the oldest of them was set aside.
create function unsettled_dead_letters() returns table (letters bigint, oldest timestamptz)
    language sql stable security definer set search_path = ${schema}, pg_temp
as $$
    select count(*), min(set_aside_at) from dead_letter where state in ('open', 'replaying')
$$;
revoke all on function unsettled_dead_letters() from public;
grant execute on function unsettled_dead_letters() to ${app};

-- Forgets what is old, at most `most` of those that were settled and of those that nobody decided about, and tells how many
-- they were.
create function sweep_dead_letters(settled_before timestamptz, set_aside_before timestamptz, most int) returns bigint
    language plpgsql security definer set search_path = ${schema}, pg_temp
as $$
declare
    settled bigint;
    given_up bigint;
begin
    delete from dead_letter where ctid in (
        select ctid from dead_letter where state in ('replayed', 'discarded') and settled_at < settled_before
        limit most);
    get diagnostics settled = row_count;
    delete from dead_letter where ctid in (
        select ctid from dead_letter where state = 'open' and set_aside_at < set_aside_before limit most);
    get diagnostics given_up = row_count;
    return settled + given_up;
end
$$;
revoke all on function sweep_dead_letters(timestamptz, timestamptz, int) from public;
grant execute on function sweep_dead_letters(timestamptz, timestamptz, int) to ${app};
