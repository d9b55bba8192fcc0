-- What a client teaches its own classifier with: texts that it sent, and corrections of its people.
create table label_example (
    client_id  text        not null,
    example_id uuid        not null,
    source     text        not null check (source in ('upload', 'correction')),
    ticket_id  uuid,
    text       text        not null,
    label      text        not null,
    created_by text        not null,
    created_at timestamptz not null,
    primary key (client_id, example_id)
);
create index label_example_newest on label_example (client_id, created_at desc, example_id desc);
create index label_example_of_label on label_example (client_id, label, created_at desc, example_id desc);
create index label_example_correction on label_example (client_id, created_at) where source = 'correction';
-- A ticket's last correction counts.
create unique index label_example_of_ticket on label_example (client_id, ticket_id) where source = 'correction';
call protect_by_client('label_example');

-- Each training of a client's classifier, and the model that came of it.
create table label_version (
    client_id         text        not null,
    version           int         not null,
    training_id       uuid        not null unique,
    status            text        not null check (status in ('training', 'ready', 'failed')),
    reason            text,
    progress          real        not null default 0,
    requested_by      text        not null,
    requested_at      timestamptz not null,
    finished_at       timestamptz,
    examples          int,
    labels            int,
    accuracy          float8,
    calibration_error float8,
    figures           jsonb,
    left_out          text[]      not null default '{}',
    model             bytea,
    primary key (client_id, version),
    check ((status = 'ready') = (model is not null)),
    check ((status = 'training') = (finished_at is null))
);
-- A client trains one at a time.
create unique index label_version_training on label_version (client_id) where status = 'training';
-- Weights hardly compress.
alter table label_version alter model set storage external;
call protect_by_client('label_version');

-- The version that classifies.
create table label_choice (
    client_id text primary key,
    version   int  not null,
    foreign key (client_id, version) references label_version
);
call protect_by_client('label_choice');
