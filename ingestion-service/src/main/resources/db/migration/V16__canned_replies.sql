-- What a client's people answer again and again.
create table canned_reply (
    client_id  text        not null,
    reply_id   uuid        not null,
    name       text        not null,
    text       text        not null,
    category   text,
    language   text,
    revision   bigint      not null check (revision >= 1),
    created_by text        not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (client_id, reply_id)
);
call protect_by_client('canned_reply');
create unique index canned_reply_by_name on canned_reply (client_id, lower(name));
