package io.opsrelay.benchmarks;

import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.embedded.Databases;
import io.opsrelay.standalone.embedded.JdbcUrl;
import io.opsrelay.standalone.embedded.Kafka;
import io.opsrelay.standalone.embedded.Postgres;
import io.opsrelay.standalone.embedded.RolePasswords;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A Kafka and a PostgreSQL of their own in a temporary folder, and instances of a service that does nothing but relay. */
final class OutboxRig implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final String SERVICE = "bench";

    private final Path folder;
    private final Kafka kafka;
    private final Postgres postgres;
    private final RolePasswords passwords = RolePasswords.random();
    private final String adminPassword = RolePasswords.randomPassword();
    private final String databaseUrl;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    OutboxRig() throws InterruptedException, SQLException {
        folder = OsUser.folder(
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "opsrelay-bench-" + ProcessHandle.current().pid()),
                "rwxr-xr-x");
        opened.push(() -> delete(folder));
        kafka = new Kafka(folder.resolve("kafka"), folder.resolve("kafka.log"), Ports.free());
        postgres = new Postgres(
                folder.resolve("postgres"),
                folder.resolve("programs"),
                folder.resolve("postgres.log"),
                Ports.free(),
                adminPassword);
        start(postgres);
        start(kafka);
        Databases.prepare(postgres.adminUrl(), Postgres.ADMIN, adminPassword, "bench", SERVICE, passwords);
        databaseUrl = JdbcUrl.parse(postgres.adminUrl()).withDatabase("bench").toString();
    }

    private void start(Component component) throws InterruptedException {
        ChildProcess process = component.start(LIMIT);
        opened.push(() -> process.end(component.ending()));
    }

    /** Starts one more instance of the service. */
    ConfigurableApplicationContext instance() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("spring.application.name", "outbox-bench");
        settings.put("spring.config.import", "classpath:opsrelay-service.yaml");
        settings.put("opsrelay.schema", SERVICE);
        settings.put("OPSRELAY_KAFKA", kafka.bootstrapServers());
        settings.put("OPSRELAY_POSTGRES", databaseUrl);
        settings.put("OPSRELAY_DB_OWNER_PASSWORD", passwords.owner());
        settings.put("OPSRELAY_DB_APP_PASSWORD", passwords.app());
        settings.put("OPSRELAY_DB_RELAY_PASSWORD", passwords.relay());
        // Nobody calls this service.
        settings.put("spring.autoconfigure.exclude", "io.opsrelay.security.token.TokenAutoConfiguration");
        settings.put("spring.main.banner-mode", "off");
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Service.class)
                .web(WebApplicationType.NONE)
                .properties(settings)
                .run();
        opened.push(context);
        return context;
    }

    /** For {@code bootstrap.servers}. */
    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** A connection of the superuser. */
    Connection admin() throws SQLException {
        Connection connection = DriverManager.getConnection(databaseUrl, Postgres.ADMIN, adminPassword);
        connection.setSchema(SERVICE);
        return connection;
    }

    @Override
    public void close() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Service {}
}
