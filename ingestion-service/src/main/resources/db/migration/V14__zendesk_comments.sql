-- What customers write on Zendesk tickets that are here already.

alter table zendesk_ticket
    -- The newest comment there that was looked at, whoever wrote it; absent while none was.
    add column last_comment bigint,
    -- The ticket's updated_at, as Zendesk writes it, when its comments were read: while it stays there are no others.
    add column read_stamp text;

-- A ticket of ours that was closed when its customer wrote again: zendesk_ticket names the one that goes on.
create table zendesk_earlier_ticket (
    client_id  text   not null,
    ticket_id  uuid   not null,
    channel_id text   not null,
    zendesk_id bigint not null,
    primary key (client_id, ticket_id),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id),
    foreign key (client_id, channel_id, zendesk_id) references zendesk_ticket (client_id, channel_id, zendesk_id)
);
call protect_by_client('zendesk_earlier_ticket');

alter table zendesk_run_ticket
    -- How many comments of its customer became messages.
    add column comments_taken int not null default 0;
