package io.opsrelay.testing;

import io.opsrelay.standalone.embedded.Databases;
import io.opsrelay.standalone.embedded.JdbcUrl;
import io.opsrelay.standalone.embedded.RolePasswords;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database of its own on the shared server, with one service's schema and roles, still without tables. Dropped when
 * this JVM ends.
 *
 * @param service names schema and roles, e.g. {@code ingestion}
 * @param name the database's
 * @param url its JDBC address
 * @param passwords of the service's three roles
 */
public record TestDatabase(String service, String name, String url, RolePasswords passwords) {

    private static final Queue<TestDatabase> CREATED = new ConcurrentLinkedQueue<>();
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(TestDatabase::dropAll));
    }

    /** Makes one. */
    public static TestDatabase create(String service) {
        TestServices services = TestServices.get();
        String name = "test_" + service + "_"
                + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        try {
            Databases.prepare(
                    services.adminUrl(),
                    services.adminUser(),
                    services.adminPassword(),
                    name,
                    service,
                    services.passwords());
        } catch (SQLException e) {
            throw new IllegalStateException("cannot prepare a test database for " + service, e);
        }
        String url = JdbcUrl.parse(services.adminUrl()).withDatabase(name).toString();
        TestDatabase database = new TestDatabase(service, name, url, services.passwords());
        CREATED.add(database);
        return database;
    }

    /** Connections of the role that owns the schema. */
    public DataSource owner() {
        return connections(service + "_owner", passwords.owner());
    }

    /** Connections of the role the service works under. */
    public DataSource app() {
        return connections(service + "_app", passwords.app());
    }

    /** Connections of the role the outbox relay works under. */
    public DataSource relay() {
        return connections(service + "_relay", passwords.relay());
    }

    /** Connections of the superuser, for a look behind row security. */
    public DataSource admin() {
        TestServices services = TestServices.get();
        return connections(services.adminUser(), services.adminPassword());
    }

    private DataSource connections(String user, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    private static void dropAll() {
        TestServices services = TestServices.get();
        try (Connection admin = DriverManager.getConnection(
                        services.adminUrl(), services.adminUser(), services.adminPassword());
                Statement statement = admin.createStatement()) {
            awaitLastSession(admin);
            for (TestDatabase database : List.copyOf(CREATED)) {
                statement.execute("drop database if exists " + database.name() + " with (force)");
            }
        } catch (SQLException e) {
            // The server is gone, and with it the databases.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Application contexts close in hooks of their own, at the same time; cutting them off would only make noise. */
    private static void awaitLastSession(Connection admin) throws SQLException, InterruptedException {
        String[] names = CREATED.stream().map(TestDatabase::name).toArray(String[]::new);
        long deadline = System.nanoTime() + GOODBYE.toNanos();
        try (PreparedStatement sessions =
                admin.prepareStatement("select count(*) from pg_stat_activity where datname = any (?)")) {
            sessions.setArray(1, admin.createArrayOf("text", names));
            while (System.nanoTime() - deadline < 0) {
                try (ResultSet count = sessions.executeQuery()) {
                    if (count.next() && count.getInt(1) == 0) {
                        return;
                    }
                }
                Thread.sleep(Duration.ofMillis(100));
            }
        }
    }
}
