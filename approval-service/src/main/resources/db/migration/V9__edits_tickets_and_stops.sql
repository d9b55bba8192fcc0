-- What of the arguments may be edited, as JSON Schema; null from older writers.
alter table approval add column editable jsonb;

-- The ticket as it stood when the action was proposed, for whoever decides; null from older writers, and where its customer
-- was erased.
alter table proposal add column ticket jsonb;

-- Why a version of the policy was made.
alter table policy add column reason text;

-- The names of clients that have set who gets notices, for what is told to all of them at once. Nothing else of them is in it,
-- so it is not kept by client.
create table told_client (
    client_id text primary key
);
alter table webhook_endpoint no force row level security;
alter table mail_settings no force row level security;
insert into told_client select client_id from webhook_endpoint union select client_id from mail_settings;
alter table mail_settings force row level security;
alter table webhook_endpoint force row level security;

create function note_told_client() returns trigger
    language plpgsql
as $$
begin
    insert into told_client values (new.client_id) on conflict do nothing;
    return null;
end
$$;
create trigger note_told_client after insert on webhook_endpoint
    for each row execute function note_told_client();
create trigger note_told_client after insert on mail_settings
    for each row execute function note_told_client();
