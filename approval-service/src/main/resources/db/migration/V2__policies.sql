-- What each client lets be done, one row per version; the newest holds. A client without a row has the shipped policy.
create table policy (
    client_id  text        not null,
    version    bigint      not null check (version >= 1),
    rules      jsonb       not null,
    changed_by text        not null,
    changed_at timestamptz not null,
    primary key (client_id, version)
);
call protect_by_client('policy');
