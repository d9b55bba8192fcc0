package io.opsrelay.standalone.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/**
 * Makes a service's place in PostgreSQL: database, schema and three roles, with no more rights than each needs. What a
 * DBA does once in production, the launcher and the tests do through this.
 *
 * <p>The roles: {@code <service>_owner} owns the schema and migrates it; {@code <service>_app} may read and write rows
 * of what the owner makes, and owns nothing, so row-level security holds for it; {@code <service>_relay} may use the
 * schema, and gets each table right by a migration that names it. No role is superuser or may bypass row security.
 */
public final class Databases {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,50}");
    private static final String DUPLICATE_DATABASE = "42P04";
    /** Any fixed number; roles belong to the server, and two preparations at once would trip over each other. */
    private static final long PREPARATION_LOCK = 7_303_014_021L;

    private Databases() {}

    /**
     * Creates what is missing and sets rights, limits and passwords anew; may be repeated at any time.
     *
     * @param adminUrl JDBC address of a database that exists, on the server in question
     * @param adminUser a superuser, or a role that may create roles and databases
     * @param database made if it does not exist; lower-case letters, digits, underscores
     * @param service names schema and roles, e.g. {@code ingestion}
     * @throws SQLException if the server refuses
     */
    public static void prepare(
            String adminUrl,
            String adminUser,
            String adminPassword,
            String database,
            String service,
            RolePasswords passwords)
            throws SQLException {
        requireName(database);
        requireName(service);
        try (Connection admin = DriverManager.getConnection(adminUrl, adminUser, adminPassword)) {
            lock(admin);
            createDatabase(admin, database);
            boolean superuser = flag(admin, "select rolsuper from pg_roles where rolname = current_user");
            createRole(admin, service + "_owner", passwords.owner(), superuser, "10min", "30s", "10min");
            createRole(admin, service + "_app", passwords.app(), superuser, "30s", "10s", "60s");
            createRole(admin, service + "_relay", passwords.relay(), superuser, "30s", "10s", "60s");
            for (String role : new String[] {"_owner", "_app", "_relay"}) {
                execute(admin, "alter role %s set search_path = %s".formatted(service + role, service));
            }
            if (!superuser) {
                // Acting for a role (its schema, its default privileges) takes membership.
                execute(admin, "grant %s_owner to current_user".formatted(service));
            }
            String url = JdbcUrl.parse(adminUrl).withDatabase(database).toString();
            try (Connection target = DriverManager.getConnection(url, adminUser, adminPassword)) {
                target.setAutoCommit(false);
                grant(target, database, service);
                target.commit();
            }
        }
    }

    private static void grant(Connection target, String database, String service) throws SQLException {
        String script = """
                revoke all on database {database} from public;
                grant connect on database {database} to {s}_owner, {s}_app, {s}_relay;
                revoke all on schema public from public;

                create schema if not exists {s} authorization {s}_owner;
                revoke all on schema {s} from public;
                grant usage on schema {s} to {s}_app, {s}_relay;

                alter default privileges for role {s}_owner revoke execute on functions from public;
                alter default privileges for role {s}_owner revoke usage on types from public;
                alter default privileges for role {s}_owner in schema {s}
                    grant select, insert, update, delete on tables to {s}_app;
                alter default privileges for role {s}_owner in schema {s}
                    grant usage, select on sequences to {s}_app;
                alter default privileges for role {s}_owner in schema {s}
                    grant execute on functions to {s}_app;
                alter default privileges for role {s}_owner in schema {s}
                    grant usage on types to {s}_app
                """;
        for (String statement : script.split(";", -1)) {
            execute(target, statement.replace("{database}", database).replace("{s}", service));
        }
    }

    /** Held until the connection closes, so also if this process dies. */
    private static void lock(Connection admin) throws SQLException {
        try (PreparedStatement statement = admin.prepareStatement("select pg_advisory_lock(?)")) {
            statement.setLong(1, PREPARATION_LOCK);
            statement.execute();
        }
    }

    private static void createDatabase(Connection admin, String database) throws SQLException {
        if (flag(admin, "select exists (select from pg_database where datname = '%s')".formatted(database))) {
            return;
        }
        try {
            execute(admin, "create database " + database);
        } catch (SQLException e) {
            // The lock is per database; who connected to another one may have been faster.
            if (!DUPLICATE_DATABASE.equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    private static void createRole(
            Connection admin,
            String role,
            String password,
            boolean superuser,
            String statementTimeout,
            String lockTimeout,
            String idleTimeout)
            throws SQLException {
        if (!flag(admin, "select exists (select from pg_roles where rolname = '%s')".formatted(role))) {
            execute(admin, "create role %s login".formatted(role));
        }
        if (superuser) {
            execute(
                    admin,
                    "alter role %s login nosuperuser nocreatedb nocreaterole noreplication nobypassrls"
                            .formatted(role));
        } else if (flag(
                admin,
                "select rolsuper or rolbypassrls or rolcreaterole from pg_roles where rolname = '%s'"
                        .formatted(role))) {
            throw new SQLException("role " + role + " exists with rights it must not have; take superuser, bypassrls"
                    + " and createrole from it");
        }
        // Hashed on this side: neither the statement nor the server's log ever holds the password.
        admin.unwrap(PGConnection.class).alterUserPassword(role, password.toCharArray(), "scram-sha-256");
        Map<String, String> limits = Map.of(
                "statement_timeout", statementTimeout,
                "lock_timeout", lockTimeout,
                "idle_in_transaction_session_timeout", idleTimeout);
        for (Map.Entry<String, String> limit : limits.entrySet()) {
            execute(admin, "alter role %s set %s = '%s'".formatted(role, limit.getKey(), limit.getValue()));
        }
    }

    private static boolean flag(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() && result.getBoolean(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Names go into statements as they are. */
    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a plain lower-case name: " + name);
        }
    }
}
