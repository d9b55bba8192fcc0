-- The sandbox payment provider's own books. It stands for an outside system: nothing else here reads its tables.
create table sandbox_charge (
    client_id      text           not null,
    charge_id      text           not null,
    id             uuid           not null,
    order_id       text           not null,
    amount         numeric(19, 4) not null check (amount > 0),
    refunded       numeric(19, 4) not null default 0,
    currency       char(3)        not null,
    customer_email text           not null,
    created_at     timestamptz    not null,
    primary key (client_id, charge_id),
    unique (client_id, order_id),
    -- Whatever the code does: never more back than was charged.
    constraint never_more_than_charged check (refunded between 0 and amount)
);
create index sandbox_charge_newest on sandbox_charge (client_id, created_at desc, id desc);
call protect_by_client('sandbox_charge');

create table sandbox_refund (
    client_id       text           not null,
    refund_id       text           not null,
    charge_id       text           not null,
    idempotency_key text           not null,
    amount          numeric(19, 4) not null check (amount > 0),
    currency        char(3)        not null,
    created_at      timestamptz    not null,
    primary key (client_id, refund_id),
    unique (client_id, idempotency_key),
    foreign key (client_id, charge_id) references sandbox_charge
);
create index sandbox_refund_by_charge on sandbox_refund (client_id, charge_id, created_at);
call protect_by_client('sandbox_refund');

-- Every call that reached the provider, answered or not.
create table sandbox_call (
    client_id       text        not null,
    call_id         bigint      not null generated always as identity,
    at              timestamptz not null,
    operation       text        not null,
    idempotency_key text,
    request         jsonb       not null,
    answer          jsonb       not null,
    primary key (client_id, call_id)
);
create index sandbox_call_by_key on sandbox_call (client_id, idempotency_key);
call protect_by_client('sandbox_call');

create function sandbox_append_only() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name;
end
$$;
create trigger append_only before update or delete or truncate on sandbox_refund
    for each statement execute function sandbox_append_only();
create trigger append_only before update or delete or truncate on sandbox_call
    for each statement execute function sandbox_append_only();
create trigger no_delete before delete or truncate on sandbox_charge
    for each statement execute function sandbox_append_only();

-- A refund moves its charge's total, and nothing else does.
create function sandbox_book_refund() returns trigger language plpgsql as $$
begin
    update sandbox_charge set refunded = refunded + new.amount
    where client_id = new.client_id and charge_id = new.charge_id and currency = new.currency;
    if not found then
        raise exception 'refund % is not in the currency of its charge', new.refund_id;
    end if;
    return null;
end
$$;
create trigger book_refund after insert on sandbox_refund
    for each row execute function sandbox_book_refund();

create function sandbox_only_by_refund() returns trigger language plpgsql as $$
begin
    if pg_trigger_depth() < 2
       or (new.client_id, new.charge_id, new.id, new.order_id, new.amount, new.currency, new.customer_email, new.created_at)
          is distinct from
          (old.client_id, old.charge_id, old.id, old.order_id, old.amount, old.currency, old.customer_email, old.created_at)
    then
        raise exception 'a charge changes by its refunds only';
    end if;
    return new;
end
$$;
create trigger only_by_refund before update on sandbox_charge
    for each row execute function sandbox_only_by_refund();
