-- What is known of customers beside an address, the files of tickets, and the audit log.

-- A row of table customer is an address. Those of one person point to one of them: merged_into is null there, and that
-- row stands for the customer. So a ticket finds its sender by one look-up, whoever the address belongs to by now, and
-- keeps the address it came from.
alter table customer
    add column merged_into    uuid,
    -- Of the customer that the address belongs to.
    add column root           uuid generated always as (coalesce(merged_into, customer_id)) stored,
    add column name           text check (name <> ''),
    -- What is searched by: under a policy an index serves columns, and not what a function makes of them.
    add column name_in_lower  text generated always as (lower(name)) stored,
    add column blocked_at     timestamptz,
    add column blocked_by     text,
    add column blocked_reason text,
    add column erased_at      timestamptz,
    -- Counts the changes of the customer, from 1.
    add column revision       bigint not null default 1 check (revision >= 1),
    add column updated_at     timestamptz,
    add foreign key (client_id, merged_into) references customer (client_id, customer_id),
    add check (merged_into is null or merged_into <> customer_id),
    add check ((blocked_at is null) = (blocked_by is null) and (blocked_at is null) = (blocked_reason is null)),
    -- What holds of the customer stands in one row.
    add check (merged_into is null or (name is null and blocked_at is null));

create index customer_by_time on customer (client_id, created_at desc, customer_id desc) where merged_into is null;
create index customer_by_root on customer (client_id, root);
-- Beginnings of texts are searched as ranges, in the order of bytes: LIKE would not use an index under a policy.
create index customer_by_email on customer (client_id, (email collate "C"));
create index customer_by_name on customer (client_id, (name_in_lower collate "C")) where name_in_lower is not null;
create index customer_blocked on customer (client_id, created_at desc, customer_id desc) where blocked_at is not null;

-- What other systems call a customer.
create table customer_identity (
    client_id   text        not null,
    -- Whose id it is, e.g. zendesk.
    source      text        not null,
    external_id text        not null,
    customer_id uuid        not null,
    added_by    text        not null,
    created_at  timestamptz not null,
    primary key (client_id, source, external_id),
    foreign key (client_id, customer_id) references customer (client_id, customer_id)
);
create index customer_identity_by_customer on customer_identity (client_id, customer_id);

-- What people of the client wrote down about a customer.
create table customer_note (
    client_id   text        not null,
    customer_id uuid        not null,
    note_id     uuid        not null,
    text        text        not null,
    author      text        not null,
    created_at  timestamptz not null,
    primary key (client_id, customer_id, note_id),
    foreign key (client_id, customer_id) references customer (client_id, customer_id)
);

-- All that is held of a customer, gathered into one file on request.
create table customer_export (
    client_id    text        not null,
    export_id    uuid        not null,
    customer_id  uuid        not null,
    status       text        not null check (status in ('pending', 'ready', 'expired')),
    requested_by text        not null,
    requested_at timestamptz not null,
    ready_at     timestamptz,
    size         bigint,
    primary key (client_id, export_id),
    foreign key (client_id, customer_id) references customer (client_id, customer_id)
);
create index customer_export_by_customer on customer_export (client_id, customer_id, requested_at desc);

-- Files. Their bytes lie outside the database, under a key made of client and file id.
create table stored_file (
    client_id  text        not null,
    file_id    uuid        not null,
    file_name  text        not null,
    -- As the first bytes say. Absent until all bytes are there.
    media_type text,
    size       bigint check (size >= 0),
    sha256     text,
    -- Absent until it is attached; a job removes those that never are.
    ticket_id  uuid,
    message_id uuid,
    stored_at  timestamptz not null,
    primary key (client_id, file_id),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id),
    check ((ticket_id is null) = (message_id is null)),
    check ((media_type is null) = (size is null) and (media_type is null) = (sha256 is null)),
    check (ticket_id is null or media_type is not null)
);
create index stored_file_by_ticket on stored_file (client_id, ticket_id, message_id, file_id)
    where ticket_id is not null;

call protect_by_client('customer_identity');
call protect_by_client('customer_note');
call protect_by_client('customer_export');
call protect_by_client('stored_file');

-- Audit entries that were committed with their change and are not chained yet. The service's role may add some of its
-- client and read them; only seal_audit takes them away.
create table audit_waiting (
    client_id text   not null,
    position  bigint not null generated always as identity,
    -- The canonical text: who, what, to what, when, why, before, after.
    entry     text   not null,
    primary key (client_id, position),
    -- What cannot be read must not keep the sealer from the rest.
    check (entry::jsonb is not null)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 5000, fillfactor = 100);
create index audit_waiting_oldest on audit_waiting (position);

-- The log: one chain for each client, numbered from 1 without a gap. The sealer takes what is searched by from the text
-- that is hashed, reading it once; whoever verifies compares the two.
create table audit_entry (
    client_id  text        not null,
    seq        bigint      not null check (seq >= 1),
    position   bigint      not null,
    entry      text        not null,
    previous   text        not null,
    hash       text        not null,
    sealed_at  timestamptz not null,
    at         text collate "C" not null,
    actor      text        not null,
    action     text        not null,
    subject_id text        not null,
    ticket_id  text       ,
    primary key (client_id, seq),
    unique (client_id, position)
);
create index audit_entry_by_subject on audit_entry (client_id, subject_id, position);
create index audit_entry_by_ticket on audit_entry (client_id, ticket_id, position) where ticket_id is not null;

-- Where each chain ends.
create table audit_head (
    client_id text   not null primary key,
    seq       bigint not null,
    hash      text   not null
);

call protect_by_client('audit_waiting');
call protect_by_client('audit_entry');
call protect_by_client('audit_head');

-- seal_audit works for all clients, as the role that owns it. These policies are that role's alone.
create policy seal_all on audit_waiting to current_user using (true) with check (true);
create policy seal_all on audit_entry to current_user using (true) with check (true);
create policy seal_all on audit_head to current_user using (true) with check (true);

revoke all on audit_waiting, audit_entry, audit_head from ${app};
grant insert (client_id, entry), select on audit_waiting to ${app};
grant select on audit_entry, audit_head to ${app};

-- Not even the owner changes an entry by mistake.
create function refuse_audit_change() returns trigger
    language plpgsql
as $$
begin
    raise exception 'the audit log is append-only: % is refused', tg_op using errcode = 'insufficient_privilege';
end
$$;
create trigger append_only before update or delete on audit_entry
    for each row execute function refuse_audit_change();
create trigger append_only_whole before truncate on audit_entry
    for each statement execute function refuse_audit_change();

-- Moves the oldest waiting entries, at most `most`, to the ends of their clients' chains and tells how many it moved,
-- and how each of these chains ends now. One at a time seals; another one finds nothing to do meanwhile.
create function seal_audit(most int) returns table (client_id text, sealed int, seq bigint, hash text)
    language plpgsql security definer set search_path = ${schema}, pg_temp
as $$
#variable_conflict use_column
declare
    waiting record;
    client  text;
    moved   int := 0;
    last    bigint;
    link    text;
    previous_link text;
    fields  jsonb;
begin
    if not pg_try_advisory_xact_lock(hashtext('${schema}.seal_audit')) then
        return;
    end if;
    for waiting in
        with taken as (
            delete from audit_waiting w using (
                select o.client_id, o.position from audit_waiting o order by o.position limit most
            ) as oldest
            where w.client_id = oldest.client_id and w.position = oldest.position
            returning w.client_id, w.position, w.entry)
        select t.client_id, t.position, t.entry from taken t order by t.client_id, t.position
    loop
        if client is distinct from waiting.client_id then
            if client is not null then
                perform end_audit_chain(client, last, link);
                return query select client, moved, last, link;
            end if;
            client := waiting.client_id;
            moved := 0;
            select h.seq, h.hash into last, link from audit_head h where h.client_id = client;
            if not found then
                last := 0;
                link := repeat('0', 64);
            end if;
        end if;
        last := last + 1;
        moved := moved + 1;
        previous_link := link;
        link := encode(sha256(convert_to(previous_link || E'\n' || last || E'\n' || waiting.entry, 'UTF8')), 'hex');
        fields := waiting.entry::jsonb;
        insert into audit_entry (client_id, seq, position, entry, previous, hash, sealed_at,
                                 at, actor, action, subject_id, ticket_id)
        values (client, last, waiting.position, waiting.entry, previous_link, link, clock_timestamp(),
                coalesce(fields ->> 'at', ''), coalesce(fields ->> 'actor', ''), coalesce(fields ->> 'action', ''),
                coalesce(fields ->> 'subject_id', ''), fields ->> 'ticket_id');
    end loop;
    if client is not null then
        perform end_audit_chain(client, last, link);
        return query select client, moved, last, link;
    end if;
end
$$;

create function end_audit_chain(client text, last bigint, link text) returns void
    language sql
as $$
    insert into audit_head (client_id, seq, hash) values (client, last, link)
    on conflict (client_id) do update set seq = excluded.seq, hash = excluded.hash
$$;

revoke all on function seal_audit(int) from public;
grant execute on function seal_audit(int) to ${app};
revoke all on function end_audit_chain(text, bigint, text) from public, ${app};

-- How long the oldest entry has waited, over all clients; null when none does.
create function oldest_unsealed_audit() returns timestamptz
    language sql stable security definer set search_path = ${schema}, pg_temp
as $$
    select (entry::jsonb ->> 'at')::timestamptz from audit_waiting order by position limit 1
$$;
revoke all on function oldest_unsealed_audit() from public;
grant execute on function oldest_unsealed_audit() to ${app};
