package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.audit.AuditCommand;
import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.embedded.Databases;
import io.opsrelay.standalone.embedded.JdbcUrl;
import io.opsrelay.standalone.embedded.Kafka;
import io.opsrelay.standalone.embedded.KafkaCache;
import io.opsrelay.standalone.embedded.MailServer;
import io.opsrelay.standalone.embedded.Postgres;
import io.opsrelay.standalone.embedded.Redis;
import io.opsrelay.standalone.embedded.RolePasswords;
import io.opsrelay.standalone.process.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Kafka, PostgreSQL, Redis and the local mail server, started here or brought by the user, and what the services must know of them. */
final class Infrastructure {

    private static final String DATABASE = "opsrelay";

    private final Settings settings;
    private final Passwords passwords;
    private final Keys issuer;
    private final Keys approval;
    private final LauncherToken launcher;
    private final SealingKeys privacy;
    private final SealingKeys webhooks;
    private final SealingKeys channels;
    private final SealingKeys mailAddresses;

    /** Makes keys and passwords if there are none yet. The home must exist. */
    Infrastructure(Settings settings) {
        this.settings = settings;
        this.passwords = new Passwords(settings.home().secrets());
        this.issuer = Keys.ensure(settings.home().keys(), "issuer");
        this.approval = Keys.ensure(settings.home().keys(), "approval");
        this.launcher = LauncherToken.ensure(settings.home().secrets());
        this.privacy = SealingKeys.ensure(settings.home().keys(), "privacy");
        this.webhooks = SealingKeys.ensure(settings.home().keys(), "webhooks");
        this.channels = SealingKeys.ensure(settings.home().keys(), "channels");
        this.mailAddresses = SealingKeys.ensure(settings.home().keys(), "mail-addresses");
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
            components.add(new Kafka(
                    home.kafka(), home.log("kafka"), settings.kafkaPort(), KafkaCache.in(home.startCaches())));
        }
        if (settings.redis().isEmpty()) {
            components.add(new Redis(home.redis(), home.log("redis"), settings.redisPort()));
        }
        if (!settings.ownMail()) {
            components.add(new MailServer(
                    home.mail(), home.log("mail"), settings.smtpPort(), settings.imapPort(), passwords.mail()));
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

    /** Of the broker that is started here. */
    Optional<KafkaCache> kafkaCache() {
        return settings.kafka().isEmpty()
                ? Optional.of(KafkaCache.in(settings.home().startCaches()))
                : Optional.empty();
    }

    /** Who may use the control API knows it. */
    String launcherToken() {
        return launcher.value();
    }

    /** Makes database, schemas and roles. PostgreSQL must run. */
    void prepareDatabases() {
        String user = adminUser();
        String password = adminPassword();
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

    private String adminUser() {
        return settings.postgres().isPresent() ? settings.postgresUser() : Postgres.ADMIN;
    }

    private String adminPassword() {
        return settings.postgres().isPresent() ? settings.postgresPassword() : passwords.admin();
    }

    /** Where the audit logs are, for who verifies them. */
    static AuditCommand.Place audit(Settings settings) {
        if (!Files.isDirectory(settings.home().secrets())) {
            throw new StartFailure("There is no audit log: nothing was ever started in "
                    + settings.home().root());
        }
        Infrastructure infrastructure = new Infrastructure(settings);
        return new AuditCommand.Place(
                infrastructure.database().toString(),
                infrastructure.adminUser(),
                infrastructure.adminPassword(),
                Arrays.stream(Service.values())
                        .flatMap(service -> service.schema.stream())
                        .toList(),
                settings.home().logs(),
                settings.home().auditNotes());
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
        environment.put("OPSRELAY_PRIVACY_KEYS", null);
        environment.put("OPSRELAY_WEBHOOK_KEYS", null);
        environment.put("OPSRELAY_CHANNEL_KEYS", null);
        environment.put("OPSRELAY_MAIL_ADDRESS_KEYS", null);
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
                environment.put("OPSRELAY_WEBHOOK_KEYS", webhooks.file().toString());
            }
            case ACTION -> {
                environment.put("OPSRELAY_APPROVAL_JWKS", approval.publicKeys().toString());
                environment.put("OPSRELAY_LAUNCHER_URL", "http://127.0.0.1:" + settings.launcherPort());
                environment.put("OPSRELAY_LAUNCHER_TOKEN_FILE", launcher.file().toString());
            }
            case AGENT ->
                environment.put("OPSRELAY_PRIVACY_KEYS", privacy.file().toString());
            case INGESTION -> {
                environment.put("OPSRELAY_CHANNEL_KEYS", channels.file().toString());
                environment.put(
                        "OPSRELAY_ATTACHMENTS_FOLDER",
                        settings.home().attachments().toString());
                environment.put(
                        "OPSRELAY_MAIL_ADDRESS_KEYS", mailAddresses.file().toString());
                putLocalMail(environment);
            }
        }
        return environment;
    }

    private void putLocalMail(Map<String, @Nullable String> environment) {
        if (settings.ownMail()) {
            return;
        }
        environment.put("OPSRELAY_SMTP_HOST", "127.0.0.1");
        environment.put("OPSRELAY_SMTP_PORT", Integer.toString(settings.smtpPort()));
        environment.put("OPSRELAY_SMTP_SECURITY", "none");
        environment.put("OPSRELAY_SMTP_USER", null);
        environment.put("OPSRELAY_SMTP_PASSWORD", null);
        environment.put("OPSRELAY_LOCAL_MAIL_FROM", "support@opsrelay.example");
        environment.put("OPSRELAY_LOCAL_MAILBOX_HOST", "127.0.0.1");
        environment.put("OPSRELAY_LOCAL_MAILBOX_PORT", Integer.toString(settings.imapPort()));
        environment.put("OPSRELAY_LOCAL_MAILBOX_PASSWORD", passwords.mail());
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
