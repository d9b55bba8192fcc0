-- How a mail looked: its harmless HTML, the images that it brought for it, and where it stands whole.
create table mail_body (
    client_id   text   not null,
    message_id  uuid   not null,
    ticket_id   uuid   not null,
    html        text,
    -- Content-IDs of images inside the HTML, and the files that they are, one beside the other.
    inline_ids  text[] not null,
    inline_file uuid[] not null,
    original    uuid,
    primary key (client_id, message_id),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id),
    check (cardinality(inline_ids) = cardinality(inline_file))
);
create index mail_body_by_ticket on mail_body (client_id, ticket_id);

call protect_by_client('mail_body');

-- Files of a ticket that go out with a message to the customer, in their order.
create table sent_file (
    client_id  text not null,
    message_id uuid not null,
    position   int  not null,
    ticket_id  uuid not null,
    file_id    uuid not null,
    primary key (client_id, message_id, position),
    unique (client_id, message_id, file_id),
    foreign key (client_id, file_id) references stored_file (client_id, file_id) on delete cascade
);
create index sent_file_by_file on sent_file (client_id, file_id);

call protect_by_client('sent_file');

-- Whose domain an address is in.
create index channel_address_by_domain on channel_address (split_part(address, '@', 2));

-- Secrets that others took the place of, each good until its time is over.
create table channel_secret_before (
    client_id  text        not null,
    channel_id text        not null,
    name       text        not null,
    secret     bytea       not null,
    secret_key text        not null,
    until      timestamptz not null,
    primary key (client_id, channel_id, name, until),
    foreign key (client_id, channel_id) references channel (client_id, channel_id) on delete cascade
);
-- All clients' at once, which only the tables' owner may, and only here.
create policy moving on channel_secret to current_user using (true);
insert into channel_secret_before (client_id, channel_id, name, secret, secret_key, until)
    select client_id, channel_id, name, previous, previous_key, previous_until from channel_secret
    where previous is not null;
drop policy moving on channel_secret;
alter table channel_secret
    drop column previous,
    drop column previous_key,
    drop column previous_until;

call protect_by_client('channel_secret_before');
