-- What the test application's consumers did, once per application of an event.
create table note_effect (
    id        bigint generated always as identity primary key,
    client_id text not null,
    consumer  text not null,
    event_id  uuid not null,
    text      text not null
);
call protect_by_client('note_effect');
