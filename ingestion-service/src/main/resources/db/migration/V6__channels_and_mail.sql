-- Clients as they were provisioned. Operators see all of them; it holds nothing of a client's customers.
create table client (
    client_id  text        primary key,
    name       text        not null,
    created_by text        not null,
    created_at timestamptz not null
);

-- Ways in and out of a client: who may use one, where it leads, and what it is set to.
create table channel (
    client_id  text        not null,
    channel_id text        not null,
    kind       text        not null check (kind in ('email-generic', 'email-sendgrid', 'email-mailgun',
        'email-postmark', 'imap', 'smtp', 'upstream', 'zendesk')),
    name       text        not null,
    addresses  text[]      not null,
    settings   jsonb       not null,
    enabled    boolean     not null,
    revision   bigint      not null check (revision >= 1),
    created_by text        not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (client_id, channel_id),
    unique (client_id, kind, name)
);

create table channel_secret (
    client_id      text        not null,
    channel_id     text        not null,
    name           text        not null,
    secret         bytea       not null,
    secret_key     text        not null,
    previous       bytea,
    previous_key   text,
    previous_until timestamptz,
    set_at         timestamptz not null,
    primary key (client_id, channel_id, name),
    foreign key (client_id, channel_id) references channel (client_id, channel_id) on delete cascade,
    check ((previous is null) = (previous_until is null) and (previous is null) = (previous_key is null))
);

-- Which client a channel's id or an address belongs to, for who comes in without saying: ids and addresses only, and
-- without row security, since the client is what is asked for.
create table channel_owner (
    channel_id text primary key,
    client_id  text    not null,
    kind       text    not null,
    enabled    boolean not null
);
create index channel_owner_by_kind on channel_owner (kind) where enabled;

create table channel_address (
    -- In lower case; *@domain stands for all of a domain.
    address    text not null check (address = lower(address)),
    channel_id text not null references channel_owner (channel_id) on delete cascade,
    client_id  text not null,
    primary key (address, channel_id)
);

-- Message-IDs (RFC 5322) of what was written on a ticket, by us or to us.
create table mail_thread (
    client_id  text        not null,
    rfc822_id  text        not null,
    ticket_id  uuid        not null,
    message_id uuid        not null,
    created_at timestamptz not null,
    primary key (client_id, rfc822_id)
);
create index mail_thread_by_ticket on mail_thread (client_id, ticket_id, created_at);

-- Who takes part in a ticket by mail beside its customer.
create table mail_participant (
    client_id  text        not null,
    ticket_id  uuid        not null,
    email      text        not null check (email = lower(email)),
    -- Of the newest mail of theirs, to know one that says the same again and again.
    text_hash  bytea,
    said_at    timestamptz,
    primary key (client_id, ticket_id, email)
);

-- Every mail that came in, by its Message-ID: the same one again, by whatever door, changes nothing.
create table inbound_mail (
    client_id  text        not null,
    rfc822_id  text        not null,
    channel_id text        not null,
    ticket_id  uuid,
    filed_id   uuid,
    created_at timestamptz not null,
    primary key (client_id, rfc822_id)
);
create index inbound_mail_by_time on inbound_mail (client_id, created_at);

-- Single-use tokens of signed requests, each in the transaction of what it brought.
create table inbound_token (
    client_id  text        not null,
    channel_id text        not null,
    token      text        not null,
    ticket_id  uuid,
    filed_id   uuid,
    created_at timestamptz not null,
    primary key (client_id, channel_id, token)
);
create index inbound_token_by_time on inbound_token (client_id, created_at);

-- Mails that nobody works on, with the reason; a person may accept one, and then it becomes a ticket.
create table filed_mail (
    client_id   text        not null,
    filed_id    uuid        not null,
    rfc822_id   text        not null,
    channel_id  text        not null,
    reason      text        not null,
    detail      text,
    sender      text,
    verified    boolean     not null,
    subject     text        not null,
    preview     text        not null,
    ticket_id   uuid,
    state       text        not null check (state in ('filed', 'accepted')),
    accepted_by text,
    accepted_as uuid,
    size        bigint      not null,
    created_at  timestamptz not null,
    primary key (client_id, filed_id),
    check ((state = 'accepted') = (accepted_by is not null))
);
create index filed_mail_by_time on filed_mail (client_id, created_at desc, filed_id desc);
create index filed_mail_by_ticket on filed_mail (client_id, ticket_id) where ticket_id is not null;

-- The whole mail, in pieces of at most 256 KB.
create table filed_mail_piece (
    client_id text  not null,
    filed_id  uuid  not null,
    piece     int   not null,
    bytes     bytea not null,
    primary key (client_id, filed_id, piece),
    foreign key (client_id, filed_id) references filed_mail (client_id, filed_id) on delete cascade
);
alter table filed_mail_piece alter column bytes set storage external;

-- What a correspondent has set off, by hour.
create table mail_rate (
    client_id     text        not null,
    correspondent text        not null,
    hour          timestamptz not null,
    tickets       int         not null,
    replies       int         not null,
    primary key (client_id, correspondent, hour)
);

-- How far each mailbox has been read.
create table mailbox (
    client_id     text        not null,
    channel_id    text        not null,
    -- What the job is about that reads it.
    poll_id       uuid        not null,
    -- Whether there is such a job.
    polling       boolean     not null,
    -- Mails from before belong to whoever read the mailbox then.
    since         timestamptz not null,
    uid_validity  bigint,
    next_uid      bigint,
    polled_at     timestamptz,
    failing_since timestamptz,
    failures      int         not null default 0,
    last_error    text,
    primary key (client_id, channel_id),
    unique (client_id, poll_id),
    check ((uid_validity is null) = (next_uid is null)),
    foreign key (client_id, channel_id) references channel (client_id, channel_id) on delete cascade
);

call protect_by_client('channel');
call protect_by_client('channel_secret');
call protect_by_client('mail_thread');
call protect_by_client('mail_participant');
call protect_by_client('inbound_mail');
call protect_by_client('inbound_token');
call protect_by_client('filed_mail');
call protect_by_client('filed_mail_piece');
call protect_by_client('mail_rate');
call protect_by_client('mailbox');
