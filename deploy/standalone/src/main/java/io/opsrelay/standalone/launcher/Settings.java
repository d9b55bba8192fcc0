package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.process.StartFailure;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says about this standalone OpsRelay.
 *
 * @param checkout the folder with the services' modules
 * @param home where data is kept
 * @param bind the address the gateway listens on; everything else listens on the loopback address
 * @param port the gateway's; the other services take the four above it
 * @param launcherPort where the launcher itself listens, for the control API
 * @param smtpPort of the local mail server, beside which {@code imapPort} shows what it keeps
 * @param ownMail whether mails go to a server of the user's own, so that none is started
 * @param kafka an own Kafka to use instead of a started one, as {@code host:port,...}
 * @param postgres an own PostgreSQL, as {@code jdbc:postgresql://host:port/database}
 * @param postgresUser may create roles and databases there
 * @param redis an own Redis, as {@code redis://host:port}
 * @param issuerUri an OIDC issuer to trust instead of the demo's own
 */
record Settings(
        Path checkout,
        Home home,
        String bind,
        int port,
        int launcherPort,
        int kafkaPort,
        int postgresPort,
        int redisPort,
        int smtpPort,
        int imapPort,
        boolean ownMail,
        Optional<String> kafka,
        Optional<String> postgres,
        String postgresUser,
        String postgresPassword,
        Optional<String> redis,
        Optional<String> issuerUri) {

    static Settings read(Path checkout, Map<String, String> environment) {
        int port = port(environment, "OPSRELAY_PORT", 8080);
        return new Settings(
                checkout,
                Home.locate(checkout, environment),
                text(environment, "OPSRELAY_BIND").orElse("127.0.0.1"),
                port,
                port(environment, "OPSRELAY_LAUNCHER_PORT", port + Service.values().length),
                port(environment, "OPSRELAY_KAFKA_PORT", 19092),
                port(environment, "OPSRELAY_POSTGRES_PORT", 15432),
                port(environment, "OPSRELAY_REDIS_PORT", 16379),
                port(environment, "OPSRELAY_LOCAL_SMTP_PORT", 13025),
                port(environment, "OPSRELAY_LOCAL_IMAP_PORT", 13143),
                text(environment, "OPSRELAY_SMTP_HOST").isPresent()
                        || text(environment, "OPSRELAY_MAIL_API_KEY").isPresent(),
                text(environment, "OPSRELAY_KAFKA"),
                text(environment, "OPSRELAY_POSTGRES"),
                text(environment, "OPSRELAY_POSTGRES_USER").orElse("postgres"),
                text(environment, "OPSRELAY_POSTGRES_PASSWORD").orElse(""),
                text(environment, "OPSRELAY_REDIS"),
                text(environment, "OPSRELAY_ISSUER_URI"));
    }

    int port(Service service) {
        return port + service.portOffset;
    }

    /** From here on, ports are looked for that nobody needs to know beforehand. */
    int firstFurtherPort() {
        return port + 10;
    }

    /** Where a person's browser goes. */
    String dashboard() {
        String host = "0.0.0.0".equals(bind) || "::".equals(bind) ? "127.0.0.1" : bind;
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/";
    }

    private static Optional<String> text(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static int port(Map<String, String> environment, String name, int otherwise) {
        Optional<String> value = text(environment, name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            int port = Integer.parseInt(value.get());
            if (port >= 1 && port <= 65530) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number out of range.
        }
        throw new StartFailure(name + " must be a port between 1 and 65530, not '" + value.get() + "'");
    }

    /** Passwords stay out of logs. */
    @Override
    public String toString() {
        return "Settings[home=" + home.root() + ", port=" + port + "]";
    }
}
