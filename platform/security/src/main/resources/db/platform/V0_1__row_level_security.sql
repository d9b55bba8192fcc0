-- The client (tenant) of the running transaction; null when none is set, and then no row is visible.
create function current_client() returns text
    language sql stable parallel safe
    return nullif(current_setting('app.client_id', true), '');

-- Rows of the table are visible to, and writable for, the client of the transaction only; for the owner, too.
create procedure protect_by_client(table_name regclass)
    language plpgsql
as $$
begin
    execute format('alter table %s enable row level security', table_name);
    execute format('alter table %s force row level security', table_name);
    execute format(
        'create policy by_client on %s using (client_id = current_client()) with check (client_id = current_client())',
        table_name);
end
$$;
