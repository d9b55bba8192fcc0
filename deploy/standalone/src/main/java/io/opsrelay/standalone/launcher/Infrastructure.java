package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.embedded.Databases;
import io.opsrelay.standalone.embedded.JdbcUrl;
import io.opsrelay.standalone.embedded.Kafka;
import io.opsrelay.standalone.embedded.Postgres;
import io.opsrelay.standalone.embedded.Redis;
import io.opsrelay.standalone.embedded.RolePasswords;
import io.opsrelay.standalone.process.StartFailure;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Kafka, PostgreSQL and Redis, started here or brought by the user, and what the services must know of them. */
final class Infrastructure {

    private static final String DATABASE = "opsrelay";

    private final Settings settings;
    private final Passwords passwords;
    private final Keys issuer;
    private final Keys approval;
    private final LauncherToken launcher;

    /** Makes keys and passwords if there are none yet. The home must exist. */
    Infrastructure(Settings settings) {
        this.settings = settings;
        this.passwords = new Passwords(settings.home().secrets());
        this.issuer = Keys.ensure(settings.home().keys(), "issuer");
        this.approval = Keys.ensure(settings.home().keys(), "approval");
        this.launcher = LauncherToken.ensure(settings.home().secrets());
    }

    /** Those that are started here, in the order in which they are ended last to first. */
    List<Component> components() {
        Home home = settings.home();
        List<Component> components = new ArrayList<>();
        if (settings.postgres().isEmpty()) {
            components.add(new Postgres(
                    home.postgres(), home.cache(), home.log("postgres"), settings.postgresPort(), passwords.admin()));
        }
        if (settings.kafka().isEmpty()) {
            components.add(new Kafka(home.kafka(), home.log("kafka"), settings.kafkaPort()));
        }
        if (settings.redis().isEmpty()) {
            components.add(new Redis(home.redis(), home.log("redis"), settings.redisPort()));
        }
        return components;
    }

    /**
     * An instance of a service, not started.
     *
     * @param number 1 for the first of the service
     * @param healthPort where it tells its health; the gateway's instances share the port where they serve
     */
    ServiceProcess process(Service service, int number, int port, int healthPort) {
        Map<String, @Nullable String> environment = environment(service);
        environment.put("SERVER_PORT", Integer.toString(port));
        if (healthPort != port) {
            environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(healthPort));
            environment.put("MANAGEMENT_SERVER_ADDRESS", "127.0.0.1");
        }
        return new ServiceProcess(service, number, port, healthPort, settings, environment);
    }

    /** Who may use the control API knows it. */
    String launcherToken() {
        return launcher.value();
    }

    /** Makes database, schemas and roles. PostgreSQL must run. */
    void prepareDatabases() {
        String user = settings.postgres().isPresent() ? settings.postgresUser() : Postgres.ADMIN;
        String password = settings.postgres().isPresent() ? settings.postgresPassword() : passwords.admin();
        // The database itself may not exist yet; this one always does.
        String adminUrl = database().withDatabase("postgres").toString();
        try {
            for (Service service : Service.values()) {
                if (service.schema.isPresent()) {
                    String schema = service.schema.get();
                    Databases.prepare(adminUrl, user, password, database().database(), schema, passwords.of(schema));
                }
            }
        } catch (SQLException e) {
            throw new StartFailure(
                    "PostgreSQL at " + database() + " refused to be prepared as user " + user + ": " + e.getMessage(),
                    e);
        }
    }

    private JdbcUrl database() {
        return JdbcUrl.parse(
                settings.postgres().orElse("jdbc:postgresql://127.0.0.1:" + settings.postgresPort() + "/" + DATABASE));
    }

    /** What the service gets beside this process's own environment; null takes a variable away from it. */
    private Map<String, @Nullable String> environment(Service service) {
        Map<String, @Nullable String> environment = new HashMap<>();
        environment.put("OPSRELAY_POSTGRES_USER", null);
        environment.put("OPSRELAY_POSTGRES_PASSWORD", null);
        environment.put("CLASSPATH", null);
        environment.put("OPSRELAY_LAUNCHER_URL", null);
        environment.put("OPSRELAY_LAUNCHER_TOKEN_FILE", null);
        environment.put("OPSRELAY_PORT", Integer.toString(settings.port()));
        environment.put("OPSRELAY_BIND", service == Service.GATEWAY ? settings.bind() : "127.0.0.1");
        environment.put("OPSRELAY_KAFKA", settings.kafka().orElse("127.0.0.1:" + settings.kafkaPort()));
        environment.put("OPSRELAY_REDIS", settings.redis().orElse("redis://127.0.0.1:" + settings.redisPort()));
        environment.put("OPSRELAY_ISSUER_JWKS", issuer.publicKeys().toString());
        Path demo = settings.checkout().resolve("deploy/standalone/demo");
        environment.put("SPRING_CONFIG_ADDITIONAL_LOCATION", "optional:file:" + demo + "/");
        putDatabase(environment, service.schema);
        switch (service) {
            case GATEWAY -> {
                environment.put("OPSRELAY_ISSUER_KEY", issuer.privateKey().toString());
                environment.put("OPSRELAY_REUSE_PORT", "true");
                environment.put(
                        "OPSRELAY_INSTANCES", settings.home().instances().toString());
                for (Service other : Service.values()) {
                    if (other != Service.GATEWAY) {
                        environment.put(other.urlVariable(), "http://127.0.0.1:" + settings.port(other));
                    }
                }
            }
            case APPROVAL -> {
                environment.put("OPSRELAY_APPROVAL_JWKS", approval.publicKeys().toString());
                environment.put("OPSRELAY_APPROVAL_KEY", approval.privateKey().toString());
            }
            case ACTION -> {
                environment.put("OPSRELAY_APPROVAL_JWKS", approval.publicKeys().toString());
                environment.put("OPSRELAY_LAUNCHER_URL", "http://127.0.0.1:" + settings.launcherPort());
                environment.put("OPSRELAY_LAUNCHER_TOKEN_FILE", launcher.file().toString());
            }
            case INGESTION, AGENT -> {}
        }
        return environment;
    }

    private void putDatabase(Map<String, @Nullable String> environment, Optional<String> schema) {
        if (schema.isEmpty()) {
            environment.put("OPSRELAY_POSTGRES", null);
            return;
        }
        RolePasswords roles = passwords.of(schema.get());
        environment.put("OPSRELAY_POSTGRES", database().toString());
        environment.put("OPSRELAY_DB_OWNER_PASSWORD", roles.owner());
        environment.put("OPSRELAY_DB_APP_PASSWORD", roles.app());
        environment.put("OPSRELAY_DB_RELAY_PASSWORD", roles.relay());
    }
}
