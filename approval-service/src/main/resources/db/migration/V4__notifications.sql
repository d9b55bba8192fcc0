-- Where a client wants to be told, and what it wants to hear.
create table webhook_endpoint (
    client_id       text        not null,
    endpoint_id     uuid        not null,
    url             text        not null,
    -- Types of notices, families like approval.*, or *.
    types           text[]      not null,
    description     text,
    -- Why it gets nothing; null while it does.
    disabled        text check (disabled in ('by_hand', 'gone', 'failing')),
    -- Secrets are sealed; the one before is used beside the present one for a while after a rotation.
    secret          bytea       not null,
    secret_key      text        not null,
    previous        bytea,
    previous_key    text,
    previous_until  timestamptz,
    -- The first failure since something was last delivered.
    failing_since   timestamptz,
    revision        bigint      not null,
    created_by      text        not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (client_id, endpoint_id)
);
call protect_by_client('webhook_endpoint');

-- One notice for one endpoint.
create table webhook_delivery (
    client_id   text        not null,
    delivery_id uuid        not null,
    endpoint_id uuid        not null,
    -- The same for all endpoints, all attempts and all replays.
    message_id  uuid        not null,
    type        text        not null,
    payload     text        not null,
    status      text        not null check (status in ('pending', 'delivered', 'failed')),
    attempts    int         not null,
    -- Those since it was last begun anew, which the pauses go by.
    tries       int         not null,
    -- Null while its turn has come, and when it is over.
    next_at     timestamptz,
    created_at  timestamptz not null,
    settled_at  timestamptz,
    primary key (client_id, delivery_id)
);
create index webhook_delivery_newest on webhook_delivery (client_id, endpoint_id, created_at desc, delivery_id desc);
create index webhook_delivery_failed on webhook_delivery (client_id, endpoint_id, created_at)
    where status = 'failed';
call protect_by_client('webhook_delivery');

create table webhook_attempt (
    client_id   text        not null,
    delivery_id uuid        not null,
    attempt     int         not null,
    at          timestamptz not null,
    -- The answer's, or null where there was none.
    status      int,
    error       text,
    duration_ms int         not null,
    answer      text,
    primary key (client_id, delivery_id, attempt)
);
call protect_by_client('webhook_attempt');

-- Who gets which notices by e-mail.
create table mail_settings (
    client_id  text        not null primary key,
    recipients jsonb       not null,
    revision   bigint      not null,
    changed_by text        not null,
    changed_at timestamptz not null
);
call protect_by_client('mail_settings');

create table mail (
    client_id  text        not null,
    mail_id    uuid        not null,
    recipient  text        not null,
    status     text        not null check (status in ('pending', 'sent', 'failed', 'dropped')),
    attempts   int         not null,
    error      text,
    created_at timestamptz not null,
    settled_at timestamptz,
    primary key (client_id, mail_id)
);
create index mail_newest on mail (client_id, created_at desc, mail_id desc);
create index mail_by_recipient on mail (client_id, recipient, settled_at desc);
call protect_by_client('mail');

-- One notice for one recipient; a mail may tell several.
create table mail_notice (
    client_id  text        not null,
    notice_id  uuid        not null,
    recipient  text        not null,
    type       text        not null,
    subject    uuid        not null,
    data       jsonb       not null,
    created_at timestamptz not null,
    mail_id    uuid,
    primary key (client_id, notice_id)
);
create index mail_notice_waiting on mail_notice (client_id, recipient, notice_id) where mail_id is null;
create index mail_notice_told on mail_notice (client_id, mail_id);
call protect_by_client('mail_notice');
