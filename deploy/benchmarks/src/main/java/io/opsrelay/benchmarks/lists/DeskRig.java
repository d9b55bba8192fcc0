package io.opsrelay.benchmarks.lists;

import com.nimbusds.jose.JOSEException;
import io.opsrelay.benchmarks.fanout.Tokens;
import io.opsrelay.benchmarks.jvm.ServiceJar;
import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.embedded.Databases;
import io.opsrelay.standalone.embedded.JdbcUrl;
import io.opsrelay.standalone.embedded.Kafka;
import io.opsrelay.standalone.embedded.Postgres;
import io.opsrelay.standalone.embedded.RolePasswords;
import io.opsrelay.standalone.launcher.SealingKeys;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.FileTree;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A Kafka, a PostgreSQL and one ingestion-service, in a temporary folder. */
final class DeskRig implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String DATABASE = "opsrelay";
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx320m");

    private final Deque<Runnable> endings = new ArrayDeque<>();
    private final Tokens tokens = new Tokens();
    private final int port = Ports.free();
    private final String adminPassword = RolePasswords.randomPassword();
    private final Postgres postgres;

    DeskRig(Path checkout) throws IOException, JOSEException, InterruptedException, SQLException {
        Path folder = OsUser.folder(
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "opsrelay-lists-" + ProcessHandle.current().pid()),
                "rwxr-xr-x");
        endings.push(() -> delete(folder));
        postgres = new Postgres(
                folder.resolve("postgres"),
                folder.resolve("programs"),
                folder.resolve("postgres.log"),
                Ports.free(),
                adminPassword);
        Kafka kafka = new Kafka(folder.resolve("kafka"), folder.resolve("kafka.log"), Ports.free());
        try {
            start(postgres);
            start(kafka);
            RolePasswords passwords = RolePasswords.random();
            Databases.prepare(postgres.adminUrl(), Postgres.ADMIN, adminPassword, DATABASE, "ingestion", passwords);
            tokens.publish(folder.resolve("jwks.json"));
            ChildProcess service = ServiceJar.start(
                    "ingestion-service",
                    checkout,
                    folder,
                    "ingestion",
                    FLAGS,
                    Map.of(
                            "OPSRELAY_KAFKA", kafka.bootstrapServers(),
                            "OPSRELAY_POSTGRES", databaseUrl(),
                            "OPSRELAY_DB_OWNER_PASSWORD", passwords.owner(),
                            "OPSRELAY_DB_APP_PASSWORD", passwords.app(),
                            "OPSRELAY_DB_RELAY_PASSWORD", passwords.relay(),
                            "OPSRELAY_CHANNEL_KEYS",
                                    SealingKeys.ensure(folder, "channels")
                                            .file()
                                            .toString(),
                            "OPSRELAY_ISSUER_JWKS", folder.resolve("jwks.json").toString()),
                    List.of("--server.port=" + port));
            endings.push(() -> service.end(Ending.politely(Duration.ofSeconds(15))));
            ServiceJar.awaitReady(service, port, LIMIT);
        } catch (IOException | InterruptedException | SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void start(Component component) throws InterruptedException {
        ChildProcess process = component.start(LIMIT);
        endings.push(() -> process.end(component.ending()));
    }

    private String databaseUrl() {
        return JdbcUrl.parse(postgres.adminUrl()).withDatabase(DATABASE).toString();
    }

    /** As the superuser, with the service's tables in reach. */
    Connection database() throws SQLException {
        Connection connection = DriverManager.getConnection(databaseUrl(), Postgres.ADMIN, adminPassword);
        connection.setSchema("ingestion");
        return connection;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Of a client's viewer. */
    String token(String client) {
        return tokens.of(client, "bench", "viewer");
    }

    @Override
    public void close() {
        while (!endings.isEmpty()) {
            endings.pop().run();
        }
    }

    private static void delete(Path folder) {
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            // It lies in the folder for temporary files.
        }
    }
}
