-- Refunds that were sent to Stripe, from before the first call on: how long their idempotency keys hold.
create table stripe_refund_attempt (
    client_id       text           not null,
    idempotency_key text           not null,
    charge_id       text           not null,
    amount          numeric(19, 4) not null check (amount > 0),
    currency        char(3)        not null,
    first_sent_at   timestamptz    not null,
    saved_error     boolean        not null default false,
    primary key (client_id, idempotency_key)
);
call protect_by_client('stripe_refund_attempt');
