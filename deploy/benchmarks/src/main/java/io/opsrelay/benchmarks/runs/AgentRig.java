package io.opsrelay.benchmarks.runs;

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
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A Kafka, a PostgreSQL and one agent-service with the demo's clients, in a temporary folder. */
final class AgentRig implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String DATABASE = "opsrelay";
    private static final String SCHEMA = "agent";

    private final Map<String, ChildProcess> processes = new LinkedHashMap<>();
    private final Deque<Runnable> endings = new ArrayDeque<>();
    private final Kafka kafka;
    private final Statements statements;
    private final Tokens tokens = new Tokens();
    private final int port = Ports.free();

    /**
     * @param flags of the service's JVM
     * @param counting whether PostgreSQL keeps books of its statements, which costs a little
     * @param settings of the service, as {@code --name=value}
     */
    AgentRig(Path checkout, List<String> flags, boolean counting, List<String> settings)
            throws IOException, JOSEException, InterruptedException, SQLException {
        Path folder = OsUser.folder(
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "opsrelay-runs-" + ProcessHandle.current().pid()),
                "rwxr-xr-x");
        endings.push(() -> delete(folder));
        tokens.publish(folder.resolve("jwks.json"));
        String admin = RolePasswords.randomPassword();
        RolePasswords passwords = RolePasswords.random();
        Postgres postgres = new Postgres(
                folder.resolve("postgres"),
                folder.resolve("programs"),
                folder.resolve("postgres.log"),
                Ports.free(),
                admin);
        kafka = new Kafka(folder.resolve("kafka"), folder.resolve("kafka.log"), Ports.free());
        try {
            statements = new Statements(postgres.adminUrl(), Postgres.ADMIN, admin);
            if (counting) {
                ChildProcess first = postgres.start(LIMIT);
                statements.enable();
                first.end(postgres.ending());
            }
            start("postgres", postgres);
            start("kafka", kafka);
            Databases.prepare(postgres.adminUrl(), Postgres.ADMIN, admin, DATABASE, SCHEMA, passwords);
            ChildProcess agent = ServiceJar.start(
                    "agent-service",
                    checkout,
                    folder,
                    "agent",
                    flags,
                    Map.of(
                            "OPSRELAY_PRIVACY_KEYS",
                                    SealingKeys.ensure(folder, "privacy").file().toString(),
                            "OPSRELAY_KAFKA", kafka.bootstrapServers(),
                            "OPSRELAY_POSTGRES",
                                    JdbcUrl.parse(postgres.adminUrl())
                                            .withDatabase(DATABASE)
                                            .toString(),
                            "OPSRELAY_DB_OWNER_PASSWORD", passwords.owner(),
                            "OPSRELAY_DB_APP_PASSWORD", passwords.app(),
                            "OPSRELAY_DB_RELAY_PASSWORD", passwords.relay(),
                            "OPSRELAY_ISSUER_JWKS", folder.resolve("jwks.json").toString(),
                            "SPRING_CONFIG_ADDITIONAL_LOCATION",
                                    "optional:file:" + checkout.resolve("deploy/standalone/demo") + "/"),
                    Stream.concat(Stream.of("--server.port=" + port), settings.stream())
                            .toList());
            processes.put("agent-service", agent);
            endings.push(() -> agent.end(Ending.politely(Duration.ofSeconds(15))));
            ServiceJar.awaitReady(agent, port, LIMIT);
        } catch (IllegalStateException | SQLException e) {
            close();
            throw e;
        }
    }

    private void start(String name, Component component) throws InterruptedException {
        ChildProcess process = component.start(LIMIT);
        processes.put(name, process);
        endings.push(() -> process.end(component.ending()));
    }

    String kafka() {
        return kafka.bootstrapServers();
    }

    /** Where agent-service answers. */
    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** The process of agent-service, in which the runs are. */
    long agentPid() {
        return Objects.requireNonNull(processes.get("agent-service")).identity().pid();
    }

    /** Of somebody of a client with that role. */
    String token(String client, String role) {
        return tokens.of(client, "bench", role);
    }

    /** Of a client's viewer. */
    String token(String client) {
        return token(client, "viewer");
    }

    /** What PostgreSQL does, statement by statement. */
    Statements statements() {
        return statements;
    }

    /** Processor time that each part has used so far, in seconds; of what has ended meanwhile it is lost. */
    Map<String, Double> cpuSeconds() {
        Map<String, Double> used = new LinkedHashMap<>();
        processes.forEach((name, process) -> used.put(
                name,
                ProcessHandle.of(process.identity().pid()).stream()
                        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                        .mapToDouble(one -> one.info()
                                        .totalCpuDuration()
                                        .orElse(Duration.ZERO)
                                        .toMillis()
                                / 1000.0)
                        .sum()));
        return used;
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
