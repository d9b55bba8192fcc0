-- What a person asks for directly belongs to no customer.
alter table action alter column customer drop not null;

-- Idempotency-Key headers of requests, each with a hash of what was asked.
create table action_request_key (
    client_id    text        not null,
    key          text        not null,
    action_id    uuid        not null,
    request_hash text        not null,
    created_at   timestamptz not null,
    primary key (client_id, key),
    foreign key (client_id, action_id) references action deferrable initially deferred
);
call protect_by_client('action_request_key');
