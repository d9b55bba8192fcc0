-- Orders that clients load for check_order_status, where they have no order system that answers.
create table customer_order (
    client_id      text        not null,
    order_id       text        not null,
    customer_email text        not null,
    status         text        not null,
    total          numeric(18, 4),
    currency       text,
    items          text,
    tracking       text,
    placed_at      timestamptz,
    expected_at    timestamptz,
    updated_at     timestamptz not null,
    primary key (client_id, order_id)
);
call protect_by_client('customer_order');
