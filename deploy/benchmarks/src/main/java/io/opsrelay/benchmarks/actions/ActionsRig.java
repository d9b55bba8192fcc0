package io.opsrelay.benchmarks.actions;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.opsrelay.benchmarks.fanout.Tokens;
import io.opsrelay.benchmarks.jvm.ServiceJar;
import io.opsrelay.standalone.control.ControlServer;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * A Kafka, a PostgreSQL, a launcher's control API over a {@link Yard}, one approval-service and, as often as it is
 * started, one action-engine; in a temporary folder.
 */
final class ActionsRig implements AutoCloseable {

    static final List<String> CLIENTS = List.of("acme", "globex");

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String DATABASE = "opsrelay";

    private final Deque<Runnable> endings = new ArrayDeque<>();
    private final Path checkout;
    private final Path folder;
    private final List<String> flags;
    private final Tokens tokens;
    private final Yard yard = new Yard();
    private final Map<String, String> shared = new HashMap<>();
    private final Map<String, RolePasswords> passwords =
            Map.of("approval", RolePasswords.random(), "action", RolePasswords.random());
    private final String adminPassword = RolePasswords.randomPassword();
    private final Postgres postgres;
    private final Kafka kafka;
    private final int approvalPort = Ports.free();
    private final int actionPort = Ports.free();
    private final EngineProgram program;
    private boolean closed;

    /** @param flags of both services' JVMs */
    ActionsRig(Path checkout, List<String> flags)
            throws IOException, JOSEException, InterruptedException, SQLException {
        this.checkout = checkout;
        this.flags = List.copyOf(flags);
        this.tokens = new Tokens();
        folder = OsUser.folder(
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "opsrelay-actions-" + ProcessHandle.current().pid()),
                "rwxr-xr-x");
        endings.push(() -> delete(folder));
        postgres = new Postgres(
                folder.resolve("postgres"),
                folder.resolve("programs"),
                folder.resolve("postgres.log"),
                Ports.free(),
                adminPassword);
        program = new EngineProgram(checkout, folder, flags);
        kafka = new Kafka(folder.resolve("kafka"), folder.resolve("kafka.log"), Ports.free());
        try {
            begin();
        } catch (IOException | JOSEException | InterruptedException | SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private void begin() throws IOException, JOSEException, InterruptedException, SQLException {
        start(postgres);
        start(kafka);
        for (Map.Entry<String, RolePasswords> service : passwords.entrySet()) {
            Databases.prepare(
                    postgres.adminUrl(), Postgres.ADMIN, adminPassword, DATABASE, service.getKey(), service.getValue());
        }
        describe();
        endings.push(control()::close);
        ChildProcess approvals = ServiceJar.start(
                "approval-service",
                checkout,
                folder,
                "approval",
                flags,
                environment("approval"),
                List.of("--server.port=" + approvalPort));
        endings.push(() -> approvals.end(Ending.politely(Duration.ofSeconds(15))));
        program.train(environment("action"), LIMIT);
        ServiceJar.awaitReady(approvals, approvalPort, LIMIT);
    }

    private void start(Component component) throws InterruptedException {
        ChildProcess process = component.start(LIMIT);
        endings.push(() -> process.end(component.ending()));
    }

    /** Keys, addresses, and which deployments may be touched. */
    private void describe() throws IOException, JOSEException {
        tokens.publish(folder.resolve("jwks.json"));
        ECKey approval = new ECKeyGenerator(Curve.P_256)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .keyIDFromThumbprint(true)
                .generate();
        Files.writeString(folder.resolve("approval.jwk.json"), approval.toJSONString());
        Files.writeString(folder.resolve("approval.jwks.json"), new JWKSet(approval.toPublicJWK()).toString());
        Files.writeString(folder.resolve("launcher.token"), adminPassword);
        Path settings = Files.createDirectories(folder.resolve("settings"));
        StringBuilder grants = new StringBuilder("opsrelay:\n  deployments:\n    grants:\n");
        for (String client : CLIENTS) {
            grants.append("      - client: ")
                    .append(client)
                    .append("\n        target-type: standalone\n        services: ")
                    .append(yard.names())
                    .append('\n');
        }
        grants.append("  bug-reports:\n    sandbox-clients: ")
                .append(String.join(", ", CLIENTS))
                .append('\n');
        Files.writeString(settings.resolve("application.yaml"), grants);
        shared.put("OPSRELAY_KAFKA", kafka.bootstrapServers());
        shared.put("OPSRELAY_POSTGRES", databaseUrl());
        shared.put("OPSRELAY_ISSUER_JWKS", folder.resolve("jwks.json").toString());
        shared.put(
                "OPSRELAY_APPROVAL_JWKS", folder.resolve("approval.jwks.json").toString());
        shared.put("SPRING_CONFIG_ADDITIONAL_LOCATION", "optional:file:" + settings + "/");
    }

    private ControlServer control() throws IOException {
        int port = Ports.free();
        shared.put("OPSRELAY_LAUNCHER_URL", "http://127.0.0.1:" + port);
        shared.put(
                "OPSRELAY_LAUNCHER_TOKEN_FILE", folder.resolve("launcher.token").toString());
        ControlServer control = ControlServer.start(
                port, adminPassword, Files.createDirectories(folder.resolve("operations")), yard, text -> {});
        control.open();
        return control;
    }

    private Map<String, String> environment(String service) {
        Map<String, String> environment = new HashMap<>(shared);
        RolePasswords roles = passwords.get(service);
        if (roles != null) {
            environment.put("OPSRELAY_DB_OWNER_PASSWORD", roles.owner());
            environment.put("OPSRELAY_DB_APP_PASSWORD", roles.app());
            environment.put("OPSRELAY_DB_RELAY_PASSWORD", roles.relay());
        }
        if (service.equals("approval")) {
            environment.put(
                    "OPSRELAY_APPROVAL_KEY", folder.resolve("approval.jwk.json").toString());
            environment.put(
                    "OPSRELAY_WEBHOOK_KEYS",
                    SealingKeys.ensure(folder, "webhooks").file().toString());
            environment.remove("OPSRELAY_LAUNCHER_URL");
            environment.remove("OPSRELAY_LAUNCHER_TOKEN_FILE");
        }
        return environment;
    }

    /**
     * Starts the engine and returns at once.
     *
     * @param more variables of its environment
     * @param arguments settings of its own
     */
    synchronized ChildProcess startEngine(Map<String, String> more, List<String> arguments) {
        if (closed) {
            throw new IllegalStateException("the rig is closed");
        }
        Map<String, String> environment = environment("action");
        environment.putAll(more);
        List<String> all = new ArrayList<>(List.of("--server.port=" + actionPort));
        all.addAll(arguments);
        ChildProcess engine = program.start(environment, all);
        endings.push(() -> engine.end(Ending.politely(Duration.ofSeconds(15))));
        return engine;
    }

    void awaitReady(ChildProcess engine) throws InterruptedException {
        ServiceJar.awaitReady(engine, actionPort, LIMIT);
    }

    /** The broker forgets a consumer that died as early as it can: what is killed often shall get work soon. */
    void forgetDeadConsumersSoon(String group) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, group),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("consumer.session.timeout.ms", "3000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka did not take the group's settings", e);
        }
    }

    String kafka() {
        return kafka.bootstrapServers();
    }

    URI approvals() {
        return URI.create("http://127.0.0.1:" + approvalPort);
    }

    URI actions() {
        return URI.create("http://127.0.0.1:" + actionPort);
    }

    String token(String client, String user, String role) {
        return tokens.of(client, user, role);
    }

    Yard yard() {
        return yard;
    }

    Path folder() {
        return folder;
    }

    String databaseUrl() {
        return JdbcUrl.parse(postgres.adminUrl()).withDatabase(DATABASE).toString();
    }

    String adminPassword() {
        return adminPassword;
    }

    /** As the superuser. */
    Connection database() throws SQLException {
        return DriverManager.getConnection(databaseUrl(), Postgres.ADMIN, adminPassword);
    }

    @Override
    public synchronized void close() {
        closed = true;
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
