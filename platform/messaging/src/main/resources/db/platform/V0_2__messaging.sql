-- Events that wait to be sent. The service's role may only add rows of the client of its transaction and read none
-- back; only the relay's role reads and removes them, for all clients.
create table outbox (
    id            bigint generated always as identity primary key,
    client_id     text        not null,
    feed          boolean     not null,
    topic         text        not null,
    key           text        not null,
    event_id      uuid        not null,
    type          text        not null,
    occurred_at   timestamptz not null,
    headers       text        not null,
    payload       bytea       not null,
    refused       text
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000, fillfactor = 100);

alter table outbox enable row level security;
create policy append_own on outbox for insert to ${app} with check (client_id = current_client());
create policy relay_all on outbox to ${relay} using (true) with check (true);
revoke all on outbox from ${app};
grant insert on outbox to ${app};
grant select, update, delete on outbox to ${relay};

-- Which instance relays; the others stand by.
create table relay_lease (
    name       text primary key,
    owner      text        not null,
    epoch      bigint      not null,
    expires_at timestamptz not null
);
insert into relay_lease values ('outbox', '', 0, '-infinity');
revoke all on relay_lease from ${app};
grant select, update on relay_lease to ${relay};

-- Events that were applied, by consumer. Partitioned by the day the event happened, which is part of the event and so
-- the same at each delivery: the key is unique although partitions come and go.
create table inbox (
    day        date        not null,
    consumer   text        not null,
    event_id   uuid        not null,
    applied_at timestamptz not null default now(),
    primary key (day, consumer, event_id)
) partition by range (day);
create table inbox_other partition of inbox default;
revoke all on inbox from ${app};
grant insert, select on inbox to ${app};

-- Makes the partitions of the coming days and drops those whose events have left every topic. An event whose day has
-- no partition is remembered in inbox_other, as long as the others after it was applied.
create function maintain_inbox(keep_days int) returns void
    language plpgsql security definer set search_path = ${schema}
as $$
declare
    d date;
    part regclass;
begin
    perform pg_advisory_xact_lock(hashtext('maintain_inbox'));
    for d in select generate_series(current_date - 1, current_date + 3, interval '1 day')::date loop
        if to_regclass(format('inbox_%s', to_char(d, 'YYYYMMDD'))) is null
           and not exists (select 1 from inbox_other where day = d) then
            execute format('create table inbox_%s partition of inbox for values from (%L) to (%L)',
                           to_char(d, 'YYYYMMDD'), d, d + 1);
        end if;
    end loop;
    for part in select inhrelid::regclass from pg_inherits
                where inhparent = 'inbox'::regclass
                  and inhrelid::regclass::text ~ '^inbox_[0-9]{8}$'
                  and to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') < current_date - keep_days loop
        execute format('drop table %s', part);
    end loop;
    delete from inbox_other where greatest(day, applied_at::date) < current_date - keep_days;
end
$$;
revoke all on function maintain_inbox(int) from public;
grant execute on function maintain_inbox(int) to ${app};
select maintain_inbox(40);
