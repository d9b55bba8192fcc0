-- Calls of systems that do not keep our keys, each written down before it is made: whatever stands here may have been done.
create table remote_call (
    client_id       text        not null,
    idempotency_key text        not null,
    -- What the system showed before the first call, to tell later what came of it.
    mark            text        not null,
    -- When the last call began.
    called_at       timestamptz not null,
    primary key (client_id, idempotency_key)
);
call protect_by_client('remote_call');
