-- One pass of the agent over a ticket. The ticket's text stands here as it was received.
create table run (
    run_id     uuid        primary key,
    client_id  text        not null,
    ticket_id  uuid        not null,
    status     text        not null check (status in ('queued', 'working', 'parked', 'finished')),
    engine     text        not null,
    ticket     jsonb       not null,
    action_id  uuid        unique,
    facts      jsonb       not null default '{}',
    steps      jsonb       not null default '[]',
    news       jsonb,
    outcome    text        check (outcome in ('resolved', 'escalated', 'failed')),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((status = 'finished') = (outcome is not null)),
    check (status <> 'parked' or action_id is not null)
);
create index run_of_ticket on run (client_id, ticket_id, created_at desc);
call protect_by_client('run');

-- What answers may rest on.
create table article (
    client_id  text   not null,
    article_id text   not null,
    title      text   not null,
    language   text   not null,
    intents    text[] not null,
    primary key (client_id, article_id)
);
call protect_by_client('article');

create function text_search_configuration(language text) returns regconfig
    language sql immutable parallel safe
    return case language
        when 'en' then 'english'::regconfig
        when 'de' then 'german'::regconfig
        when 'es' then 'spanish'::regconfig
        when 'fr' then 'french'::regconfig
        else 'simple'::regconfig end;

create table passage (
    client_id  text not null,
    article_id text not null,
    seq        int  not null,
    language   text not null,
    text       text not null,
    words      tsvector generated always as (to_tsvector(text_search_configuration(language), text)) stored,
    primary key (client_id, article_id, seq),
    foreign key (client_id, article_id) references article on delete cascade
);
create index passage_words on passage using gin (words);
call protect_by_client('passage');
