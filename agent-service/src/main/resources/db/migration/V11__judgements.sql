-- What people made of what the classifier found, one row for each ticket that they judged. Holds none of its text.
create table judgement (
    client_id     text        not null,
    ticket_id     uuid        not null,
    -- When a person judged first.
    judged_at     timestamptz not null,
    -- What the classifier had found then, and which version of it; nothing if the person came first.
    classified    text,
    model_version text,
    -- The person's last word; none where the ticket was resolved or closed without one.
    said          text,
    said_at       timestamptz,
    -- Why the ticket did not become an example for the classifier, if it should have.
    not_learned   text,
    primary key (client_id, ticket_id),
    check ((said is null) = (said_at is null)),
    check (said is not null or classified is not null)
);
create index judgement_by_time on judgement (client_id, judged_at);
call protect_by_client('judgement');
