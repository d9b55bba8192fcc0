-- How far a client's passages are embedded, by which model. Its row's lock is what gives changes of vectors an order.
create table knowledge_vectors (
    client_id  text        primary key,
    -- The model whose vectors are wanted, as the instance that started last is configured.
    model      text        not null,
    -- Whether a job waits that has not begun yet.
    queued     boolean     not null default false,
    -- Counts the changes of the client's vectors, so that copies in memory know what they lack.
    generation bigint      not null default 0,
    -- Since the last batch that went well.
    failures   int         not null default 0,
    trouble    text,
    updated_at timestamptz not null
);
call protect_by_client('knowledge_vectors');

create table passage_vector (
    client_id  text   not null,
    article_id text   not null,
    seq        int    not null,
    model      text   not null,
    -- The generation that brought it.
    stamp      bigint not null,
    -- 32-bit floats, little-endian, of length 1 together.
    vector     bytea  not null,
    primary key (client_id, article_id, seq),
    foreign key (client_id, article_id, seq) references passage on delete cascade
);
create index passage_vector_newest on passage_vector (client_id, stamp);
-- Floats do not compress.
alter table passage_vector alter column vector set storage external;
call protect_by_client('passage_vector');

create function vectors_deleted() returns trigger
    language plpgsql
as $$
begin
    update knowledge_vectors set generation = generation + 1
    where client_id in (select distinct client_id from old_vector);
    return null;
end
$$;
create trigger deleted after delete on passage_vector
    referencing old table as old_vector for each statement execute function vectors_deleted();

-- Whose passages a model that is configured anew has to embed. The policy of passage_index does not bind the owner.
create function clients_with_passages() returns setof text
    language sql stable security definer set search_path = ${schema}
as $$
    select distinct client_id from passage_index
$$;
revoke all on function clients_with_passages() from public;
grant execute on function clients_with_passages() to ${app};
