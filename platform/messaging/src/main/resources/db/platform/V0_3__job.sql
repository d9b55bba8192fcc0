-- Slow work, left here by the transaction that asks for it. Ids only: the work's data stands in tables with row security.
create table job (
    id        bigint generated always as identity primary key,
    queue     text        not null,
    client_id text        not null,
    key       text        not null,
    kind      text        not null,
    subject   uuid        not null,
    cause     uuid,
    due_at    timestamptz not null,
    attempts  int         not null default 0,
    epoch     bigint      not null default 0
);
-- The claim walks from client to client and takes the oldest due jobs of each.
create index job_due on job (queue, client_id, due_at, id);
-- Of one key only the oldest job may run.
create index job_key on job (queue, key, id);
