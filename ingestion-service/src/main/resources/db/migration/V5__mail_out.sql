-- Messages that leave by e-mail, and addresses that nothing goes to.

create table mail_out (
    client_id    text        not null,
    message_id   uuid        not null,
    ticket_id    uuid        not null,
    -- Its Message-ID, the same at each attempt; absent before the first.
    rfc822_id    text,
    recipient    text,
    -- Who takes it over: smtp, sendgrid, mailgun, postmark.
    provider     text,
    -- What that one calls it.
    provider_id  text,
    attempts     int         not null default 0,
    -- What went wrong last, for people.
    error        text,
    -- Whether an answer was lost: a copy of it may have left.
    unconfirmed  boolean     not null default false,
    -- Whether its delay has been told.
    delayed      boolean     not null default false,
    created_at   timestamptz not null,
    attempted_at timestamptz,
    sent_at      timestamptz,
    -- When it was known to have arrived, or not to arrive.
    settled_at   timestamptz,
    primary key (client_id, message_id),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id)
) with (fillfactor = 70);
create unique index mail_out_by_rfc822_id on mail_out (client_id, rfc822_id) where rfc822_id is not null;
create index mail_out_by_ticket on mail_out (client_id, ticket_id, created_at);

-- Addresses that are known not to take mails, until somebody of the client says otherwise.
create table mail_suppression (
    client_id  text        not null,
    email      text        not null check (email = lower(email)),
    reason     text        not null,
    message_id uuid        not null,
    created_at timestamptz not null,
    -- For cursors, which hold an id.
    id         uuid        not null,
    primary key (client_id, email)
);
create index mail_suppression_by_time on mail_suppression (client_id, created_at desc, id desc);

call protect_by_client('mail_out');
call protect_by_client('mail_suppression');

-- Tokens of signatures that do not cover what they come with, so that each counts once.
create table mail_event_token (
    client_id  text        not null,
    token      text        not null,
    created_at timestamptz not null,
    primary key (client_id, token)
);
create index mail_event_token_by_time on mail_event_token (client_id, created_at);
call protect_by_client('mail_event_token');
