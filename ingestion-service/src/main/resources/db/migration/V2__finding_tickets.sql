-- Lists in every order, and search by words.

alter table ticket add column priority_rank smallint not null generated always as (
    case priority when 'urgent' then 4 when 'high' then 3 when 'normal' then 2 when 'low' then 1 else 0 end) stored;
create index ticket_by_rank on ticket (client_id, priority_rank desc, ticket_id desc);
-- Costs every change of a ticket new index entries; without it the list by change would read all of a client's tickets.
create index ticket_by_change on ticket (client_id, updated_at desc, ticket_id desc);

-- The words of each ticket. Under row-level security a search could not use its index: @@ is not leakproof. So the
-- service's role has no right to this table at all, and reads it through two functions of the owner's that ask for the
-- transaction's client themselves. The client is a word of each row, which no text can hold: the index finds the rows
-- that have it and the words asked for, and skips through the rest.
create table ticket_search (
    client_id text     not null,
    ticket_id uuid     not null,
    vector    tsvector not null,
    primary key (client_id, ticket_id)
);
create index ticket_search_words on ticket_search using gin (vector);
alter table ticket_search enable row level security;
revoke all on ticket_search from ${app};

-- Of a very long text only the beginning: a vector holds at most 1 MB. An address is found by its parts as well.
create function ticket_words(client text, subject text, body text, email text) returns tsvector
    language sql immutable parallel safe
    return to_tsvector('pg_catalog.simple',
            lower(subject || ' ' || left(body, 50000) || ' ' || email) || ' ' || translate(email, '@._+-', '     '))
        || array_to_tsvector(array['client ' || client]);

-- One statement for all tickets of a statement, in the transaction that stores them.
create function index_new_tickets() returns trigger
    language plpgsql security definer set search_path = ${schema}, pg_temp
as $$
begin
    insert into ticket_search (client_id, ticket_id, vector)
    select t.client_id, t.ticket_id, ticket_words(t.client_id, t.subject, t.body,
        (select c.email from customer c where c.client_id = t.client_id and c.customer_id = t.customer_id))
    from fresh t;
    return null;
end
$$;
create trigger index_new after insert on ticket
    referencing new table as fresh for each statement execute function index_new_tickets();

create function index_changed_ticket() returns trigger
    language plpgsql security definer set search_path = ${schema}, pg_temp
as $$
begin
    update ticket_search set vector = ticket_words(new.client_id, new.subject, new.body,
        (select c.email from customer c where c.client_id = new.client_id and c.customer_id = new.customer_id))
    where client_id = new.client_id and ticket_id = new.ticket_id;
    return null;
end
$$;
create trigger index_changed after update of subject, body, customer_id on ticket for each row
    when ((old.subject, old.body, old.customer_id) is distinct from (new.subject, new.body, new.customer_id))
    execute function index_changed_ticket();

create function index_renamed_customer() returns trigger
    language plpgsql security definer set search_path = ${schema}, pg_temp
as $$
begin
    update ticket_search s set vector = ticket_words(t.client_id, t.subject, t.body, new.email)
    from ticket t
    where t.client_id = new.client_id and t.customer_id = new.customer_id
      and s.client_id = t.client_id and s.ticket_id = t.ticket_id;
    return null;
end
$$;
create trigger index_renamed after update of email on customer for each row
    when (old.email is distinct from new.email) execute function index_renamed_customer();

create function forget_gone_tickets() returns trigger
    language plpgsql security definer set search_path = ${schema}, pg_temp
as $$
begin
    delete from ticket_search s using gone t where s.client_id = t.client_id and s.ticket_id = t.ticket_id;
    return null;
end
$$;
create trigger forget_gone after delete on ticket
    referencing old table as gone for each statement execute function forget_gone_tickets();

-- What a person typed: words, "phrases", or, -without. With "begun" the last word is the beginning of one.
create function search_words(typed text, begun boolean) returns tsquery
    language sql immutable parallel safe
    return (select case when begun and plain::text like '%''' then (plain::text || ':*')::tsquery else plain end
            from websearch_to_tsquery('pg_catalog.simple', lower(typed)) as plain);

-- All of the client's tickets with these words.
create function tickets_with(words tsquery) returns setof uuid
    language sql stable security definer set search_path = ${schema}, pg_temp set enable_seqscan = off
as $$
    select ticket_id from ticket_search
    where vector @@ (quote_literal('client ' || current_client())::tsquery && words)
      -- Nothing but signs is no word: it finds nothing.
      and numnode(words) > 0
      -- Asked again, in a form that no other index serves.
      and client_id || '' = current_client()
$$;

-- Those among these tickets that have these words.
create function tickets_among(ids uuid[], words tsquery) returns setof uuid
    language sql stable security definer set search_path = ${schema}, pg_temp
    set enable_seqscan = off set enable_bitmapscan = off
as $$
    select ticket_id from ticket_search
    where client_id = current_client() and ticket_id = any (ids) and vector @@ words
$$;

-- The tickets that were there before, of all clients: not even the owner sees them while the protection is forced.
alter table ticket no force row level security;
alter table customer no force row level security;
insert into ticket_search (client_id, ticket_id, vector)
select t.client_id, t.ticket_id, ticket_words(t.client_id, t.subject, t.body, c.email)
from ticket t join customer c using (client_id, customer_id);
alter table ticket force row level security;
alter table customer force row level security;
