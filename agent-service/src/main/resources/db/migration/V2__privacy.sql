-- What was taken out of a ticket's text before a model saw it: which tokens there are, and, encrypted, what they stand for.
create table ticket_redaction (
    client_id  text        not null,
    ticket_id  uuid        not null,
    tokens     text[]      not null,
    key_id     text        not null,
    sealed     bytea       not null,
    updated_at timestamptz not null,
    primary key (client_id, ticket_id)
);
call protect_by_client('ticket_redaction');

-- Who saw the values, and why. Rows can be added and never changed.
create table redaction_reveal (
    reveal_id   uuid        primary key,
    client_id   text        not null,
    ticket_id   uuid        not null,
    revealed_by text        not null,
    reason      text        not null,
    tokens      text[]      not null,
    revealed_at timestamptz not null
);
create index reveal_of_ticket on redaction_reveal (client_id, ticket_id, revealed_at desc);
call protect_by_client('redaction_reveal');
revoke update, delete on redaction_reveal from ${app};
