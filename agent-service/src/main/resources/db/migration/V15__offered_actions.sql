-- The types of actions that somebody would carry out for a client, as action-engine told last. None told: all.
create table offered_actions (
    client_id text   not null primary key,
    types     text[] not null
);
call protect_by_client('offered_actions');
