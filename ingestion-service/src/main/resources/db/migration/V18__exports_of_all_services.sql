-- What other services hold of a customer comes sealed. The keys of an export leave it when its file is made, or when nobody
-- wants it any more.
alter table customer_export
    add column public_key  text,
    add column private_key text,
    -- The last of the customer's tickets that the services were asked about, and when they were asked about all.
    add column last_ticket uuid,
    add column asked_at    timestamptz,
    -- From when on no answer is taken any more: the file is being made.
    add column closed_at   timestamptz,
    -- The services of which something is missing in the file.
    add column incomplete  text[] not null default '{}',
    add check (status = 'pending' or private_key is null);

-- What each service was asked, and how much of its answer has come.
create table customer_export_answer (
    client_id text not null,
    export_id uuid not null,
    ticket_id uuid not null,
    service   text not null,
    -- How many parts the answer has, once one of them is here, and how many are here.
    parts     int,
    got       int  not null default 0,
    primary key (client_id, export_id, ticket_id, service),
    foreign key (client_id, export_id) references customer_export (client_id, export_id),
    check (got <= parts)
);
call protect_by_client('customer_export_answer');
create index customer_export_answer_open on customer_export_answer (client_id, export_id)
    where got is distinct from parts;

-- The parts, sealed as they came.
create table customer_export_part (
    client_id text not null,
    export_id uuid not null,
    ticket_id uuid not null,
    service   text not null,
    part      int  not null,
    content   text not null,
    primary key (client_id, export_id, ticket_id, service, part),
    foreign key (client_id, export_id, ticket_id, service) references customer_export_answer on delete cascade
);
-- Sealed bytes hardly compress.
alter table customer_export_part alter content set storage external;
call protect_by_client('customer_export_part');
