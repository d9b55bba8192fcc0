-- What people do to tickets, and what is said on them after they were received.

alter table ticket
    -- The user who has it; null: nobody.
    add column assignee text,
    -- The ticket that it was merged into, always one that is not merged itself: later messages go there.
    add column merged_into uuid,
    -- The closed ticket whose customer wrote again.
    add column reopened_from uuid,
    -- Up to which version its newest run, or the person who resolved it, knows what the customer said.
    add column heard_seq bigint not null default 1,
    -- Up to which version what the customer said was answered.
    add column answered_seq bigint not null default 0,
    add check (merged_into is null or status = 'closed'),
    add check (merged_into <> ticket_id),
    add foreign key (client_id, merged_into) references ticket (client_id, ticket_id),
    add foreign key (client_id, reopened_from) references ticket (client_id, ticket_id);

create index ticket_merged on ticket (client_id, merged_into) where merged_into is not null;
create index ticket_reopened on ticket (client_id, reopened_from) where reopened_from is not null;
create index ticket_by_assignee on ticket (client_id, assignee, created_at desc, ticket_id desc)
    where assignee is not null;

-- A note is for colleagues: it never leaves the house, and no model reads it.
alter table message
    drop constraint message_direction_check,
    add constraint message_direction_check check (direction in ('inbound', 'outbound', 'note')),
    -- The person who wrote it; null where the customer or the agent did.
    add column author text,
    -- Of inbound messages: whether the ticket's own customer was proven to have written it; null: as the ticket says.
    add column verified boolean,
    -- The sender's own id of the message, and whose id it is: the same one is the same message.
    add column source text,
    add column external_id text,
    add check ((external_id is null) = (source is null));

create unique index message_by_external_id on message (client_id, external_id, source) where external_id is not null;

create table ticket_tag (
    client_id text not null,
    ticket_id uuid not null,
    tag       text not null check (length(tag) between 1 and 50),
    primary key (client_id, ticket_id, tag),
    foreign key (client_id, ticket_id) references ticket (client_id, ticket_id)
);
create index ticket_tag_by_tag on ticket_tag (client_id, tag, ticket_id);
call protect_by_client('ticket_tag');
