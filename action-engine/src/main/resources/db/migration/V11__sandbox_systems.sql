-- The tracker and the account system of clients that try OpsRelay out: what they were asked to do, once for each key.
create table sandbox_bug_report (
    client_id       text        not null,
    idempotency_key text        not null,
    number          bigint      not null generated always as identity,
    title           text        not null,
    description     text        not null,
    priority        text        not null,
    filed_at        timestamptz not null default clock_timestamp(),
    primary key (client_id, idempotency_key)
);
call protect_by_client('sandbox_bug_report');

-- No address: the account is enough to tell.
create table sandbox_password_reset (
    client_id       text        not null,
    idempotency_key text        not null,
    account_id      text        not null,
    sent_at         timestamptz not null default clock_timestamp(),
    primary key (client_id, idempotency_key)
);
call protect_by_client('sandbox_password_reset');
