package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.process.OsUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that holds everything a standalone OpsRelay keeps.
 *
 * @param root absolute
 */
public record Home(Path root) {

    /** What belongs to one life of the data; {@code --fresh} removes these, and only these. */
    private static final List<String> DATA = List.of(
            "kafka",
            "postgres",
            "redis",
            "mail",
            "attachments",
            "keys",
            "secrets",
            "logs",
            "run",
            "operations",
            "audit",
            "replicas.properties");

    /**
     * {@code OPSRELAY_DATA} if set, else {@code .opsrelay} in the checkout. PostgreSQL never runs as root and must reach
     * its data: for root in a checkout that other users cannot pass to (such as one below /root) it is a folder below
     * /var/lib/opsrelay, named by a hash of the checkout's path.
     */
    public static Home locate(Path checkout, Map<String, String> environment) {
        String configured = environment.getOrDefault("OPSRELAY_DATA", "");
        if (!configured.isBlank()) {
            return new Home(checkout.resolve(configured).toAbsolutePath().normalize());
        }
        Path absolute = checkout.toAbsolutePath().normalize();
        Optional<Path> closed = OsUser.isRoot() ? OsUser.firstClosedFolder(absolute) : Optional.empty();
        return closed.isPresent()
                ? new Home(Path.of("/var/lib/opsrelay", hash(absolute)))
                : new Home(absolute.resolve(".opsrelay"));
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path redis() {
        return root.resolve("redis");
    }

    Path mail() {
        return root.resolve("mail");
    }

    Path attachments() {
        return root.resolve("attachments");
    }

    Path keys() {
        return root.resolve("keys");
    }

    Path secrets() {
        return root.resolve("secrets");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path log(String process) {
        return logs().resolve(process + ".log");
    }

    /** Pid files, the supervisor's lock. */
    Path run() {
        return root.resolve("run");
    }

    /** Which instances get requests; gateways follow it. */
    Path instances() {
        return run().resolve("instances.json");
    }

    /** The journal of what was done with the services. */
    Path operations() {
        return root.resolve("operations");
    }

    /** How far the audit logs were found sound, outside of the database. */
    Path auditNotes() {
        return root.resolve("audit/heads.txt");
    }

    /** How many instances each service shall have. */
    Path replicas() {
        return root.resolve("replicas.properties");
    }

    /** What can be made anew at any time: unpacked programs. */
    public Path cache() {
        return root.resolve("cache");
    }

    /** What makes services start fast, a folder each. */
    Path startCaches() {
        return cache().resolve("start");
    }

    /** Creates the folders; keys and secrets are closed to other users. */
    void create() {
        OsUser.folder(root, "rwxr-xr-x");
        OsUser.folder(run(), "rwx------");
        OsUser.folder(logs(), "rwx------");
        OsUser.folder(keys(), "rwx------");
        OsUser.folder(secrets(), "rwx------");
        OsUser.folder(operations(), "rwx------");
    }

    /**
     * Empties the stores, keys and logs. Nothing may run; the lock file stays, since its holder is who calls this, and so
     * does the launcher's log, which it may be writing to.
     */
    void wipe() {
        try {
            for (String name : DATA) {
                Path folder = root.resolve(name);
                if (!Files.exists(folder)) {
                    continue;
                }
                try (Stream<Path> paths = Files.walk(folder)) {
                    for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                        if (!path.startsWith(run()) && !log("launcher").startsWith(path)) {
                            Files.delete(path);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + root, e);
        }
    }

    private static String hash(Path path) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(path.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
