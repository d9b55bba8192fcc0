package io.opsrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asserts that no query of a service, however wrong, can see another client's rows: every table that has a client is
 * protected by a policy that even the owner obeys, and the role the service works under has no way around it.
 */
public final class RowSecurityKit {

    private final TestDatabase database;
    private final Map<String, String> exceptions = new TreeMap<>();

    private RowSecurityKit(TestDatabase database) {
        this.database = database;
    }

    /** For a database that was migrated. */
    public static RowSecurityKit of(TestDatabase database) {
        return new RowSecurityKit(database);
    }

    /**
     * Excepts a table that has a {@code client_id} and yet no policy for it.
     *
     * @param reason why that is right, for who reads the test
     */
    public RowSecurityKit except(String table, String reason) {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("an exception needs a reason: " + table);
        }
        exceptions.put(table, reason);
        return this;
    }

    /** Throws an {@link AssertionError} that names whatever is not as it must be. */
    public void verify() {
        try (Connection admin = database.admin().getConnection()) {
            List<String> unprotected = unprotectedTables(admin);
            List<String> unexpected = new ArrayList<>(unprotected);
            unexpected.removeAll(exceptions.keySet());
            assertThat(unexpected)
                    .as("tables with a client_id that row-level security does not protect;"
                            + " mend: call protect_by_client('<table>') in the migration that creates it")
                    .isEmpty();
            assertThat(unprotected)
                    .as("exceptions that are none: these tables are protected, or do not exist")
                    .containsAll(exceptions.keySet());
            verifyRoles(admin);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void verifyRoles(Connection admin) throws SQLException {
        String app = database.service() + "_app";
        String owner = database.service() + "_owner";
        String relay = database.service() + "_relay";
        for (String role : List.of(app, owner, relay)) {
            assertThat(list(admin, """
                            select a.name from pg_roles r,
                                lateral (values ('superuser', r.rolsuper), ('bypassrls', r.rolbypassrls),
                                    ('createrole', r.rolcreaterole), ('createdb', r.rolcreatedb),
                                    ('replication', r.rolreplication)) as a (name, held)
                            where r.rolname = ? and a.held""", role))
                    .as("rights that role " + role + " must not have")
                    .isEmpty();
        }
        for (String role : List.of(app, relay)) {
            assertThat(list(admin, """
                            select pg_describe_object(d.classid, d.objid, d.objsubid) from pg_shdepend d
                            where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o'
                              and d.refobjid = (select oid from pg_roles where rolname = ?)
                              and d.dbid = (select oid from pg_database where datname = current_database())""", role))
                    .as("what role " + role + " owns; who owns a table can lift its protection")
                    .isEmpty();
            assertThat(list(
                            admin,
                            "select rolname from pg_roles where pg_has_role(?, oid, 'MEMBER') and rolname <> ?",
                            role,
                            role))
                    .as("roles that " + role + " can become")
                    .isEmpty();
        }
    }

    /** Neither RLS enabled, nor forced, nor a policy with both sides: one missing is enough to be listed. */
    private List<String> unprotectedTables(Connection admin) throws SQLException {
        return list(admin, """
                select t.relname from pg_class t
                join pg_namespace n on n.oid = t.relnamespace
                join pg_attribute a on a.attrelid = t.oid and a.attname = 'client_id' and not a.attisdropped
                where n.nspname = ? and t.relkind in ('r', 'p')
                  and not (t.relrowsecurity and t.relforcerowsecurity and exists (
                      select from pg_policy p
                      where p.polrelid = t.oid and p.polcmd = '*'
                        and p.polqual is not null and p.polwithcheck is not null))
                order by t.relname""", database.service());
    }

    private static List<String> list(Connection connection, String sql, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<String> values = new ArrayList<>();
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
                return values;
            }
        }
    }
}
