package io.opsrelay.standalone.embedded;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.FileTree;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.Ports;
import io.opsrelay.standalone.process.ProcessSpec;
import io.opsrelay.standalone.process.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * One PostgreSQL on the loopback address, passwords required, every commit on disk before it is answered. PostgreSQL
 * refuses root, so a root launcher hands it to user nobody, who then owns the data folder.
 */
public final class Postgres implements Component {

    /** The superuser; used to prepare databases, never by a service. */
    public static final String ADMIN = "postgres";

    /** Its {@link #name}. */
    public static final String NAME = "postgres";

    private final Path folder;
    private final Path cache;
    private final Path log;
    private final int port;
    private final String adminPassword;

    /**
     * @param folder holds the data; created if missing. Under root every folder above must be open to others
     * @param cache where PostgreSQL's programs are unpacked
     * @param log file for the server's output
     * @param port where clients connect
     * @param adminPassword of the superuser; fixed by the first start
     */
    public Postgres(Path folder, Path cache, Path log, int port, String adminPassword) {
        this.folder = folder.toAbsolutePath();
        this.cache = cache.toAbsolutePath();
        this.log = log;
        this.port = port;
        this.adminPassword = adminPassword;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int port() {
        return port;
    }

    /** Where {@link #ADMIN} connects; any other database of this server has the same address. */
    public String adminUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    @Override
    public ChildProcess launch() {
        Path home = PostgresBinaries.unpack(cache);
        prepareFolder();
        initialise(home);
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/postgres").toString(), "-D", data().toString(), "-p", Integer.toString(port)));
        settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        // INT is the "fast" shutdown. TERM would wait for clients, which nobody tells to leave when the parent is dead.
        return ChildProcess.start(new ProcessSpec(name(), command, Map.of(), folder, log, EndSignal.INT, user()));
    }

    @Override
    public boolean healthy() {
        if (!Ports.answers("127.0.0.1", port)) {
            return false;
        }
        Properties properties = new Properties();
        properties.setProperty("user", ADMIN);
        properties.setProperty("password", adminPassword);
        properties.setProperty("loginTimeout", "2");
        properties.setProperty("socketTimeout", "2");
        try (Connection connection = DriverManager.getConnection(adminUrl(), properties)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public Ending ending() {
        return new Ending(List.of(
                new Ending.Step(EndSignal.INT, Duration.ofSeconds(20)),
                new Ending.Step(EndSignal.QUIT, Duration.ofSeconds(5)),
                new Ending.Step(EndSignal.KILL, Duration.ofSeconds(5))));
    }

    /** After a kill -9 the old server's workers take a moment to notice and let go of their shared memory. */
    @Override
    public boolean passing(String output) {
        return output.contains("pre-existing shared memory block") || output.contains("lock file");
    }

    private Path data() {
        return folder.resolve("data");
    }

    private static Optional<OsUser> user() {
        return OsUser.isRoot() ? Optional.of(OsUser.nobody()) : Optional.empty();
    }

    private Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("listen_addresses", "127.0.0.1"),
                Map.entry("unix_socket_directories", ""),
                Map.entry("fsync", "on"),
                Map.entry("synchronous_commit", "on"),
                Map.entry("full_page_writes", "on"),
                Map.entry("max_connections", "300"),
                Map.entry("shared_buffers", "128MB"),
                // No disk here turns: a page by its index costs hardly more than the next one.
                Map.entry("random_page_cost", "1.1"),
                Map.entry("huge_pages", "off"),
                Map.entry("max_wal_size", "512MB"),
                // Outbox and job rows live for milliseconds; what they leave behind is in the way of the next ones.
                Map.entry("autovacuum_naptime", "10s"),
                // Short statements only: compiling them costs more than it brings.
                Map.entry("jit", "off"),
                Map.entry("timezone", "UTC"),
                Map.entry("log_timezone", "UTC"),
                Map.entry("log_line_prefix", "%m [%p] %u@%d "),
                Map.entry("logging_collector", "off"));
    }

    @Override
    public void check() {
        Path parent = folder.getParent();
        if (OsUser.isRoot() && parent != null) {
            Optional<Path> closed = OsUser.firstClosedFolder(parent);
            if (closed.isPresent()) {
                throw new StartFailure("PostgreSQL may not run as root, and another user cannot pass " + closed.get()
                        + " to its data. Set OPSRELAY_DATA to a folder that is open to others (chmod o+x).");
            }
        }
    }

    private void prepareFolder() {
        check();
        OsUser.folder(folder, "rwx------");
        user().ifPresent(nobody -> nobody.own(folder));
    }

    /** Makes the data folder aside and renames it when whole: a start killed half-way leaves nothing that lasts. */
    private void initialise(Path home) {
        if (Files.exists(data().resolve("PG_VERSION"))) {
            return;
        }
        Path partial = folder.resolve("data.new");
        Path password = folder.resolve("admin.password");
        try {
            FileTree.delete(partial);
            Files.deleteIfExists(password);
            Files.createFile(
                    password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(password, adminPassword);
            user().ifPresent(nobody -> nobody.own(password));
            ChildProcess initdb = ChildProcess.start(new ProcessSpec(
                    "initdb",
                    List.of(
                            home.resolve("bin/initdb").toString(),
                            "--pgdata=" + partial,
                            "--username=" + ADMIN,
                            "--pwfile=" + password,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--locale=C"),
                    Map.of(),
                    folder,
                    log,
                    // Not KILL: initdb runs servers of its own, and takes them with it only if it is asked.
                    EndSignal.TERM,
                    user()));
            int exit = initdb.awaitExit();
            if (exit != 0) {
                throw new StartFailure("PostgreSQL's initdb ended with exit code " + exit + "\n"
                        + String.join("\n", initdb.lastLines(15)).indent(4));
            }
            Files.move(partial, data());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make PostgreSQL's data folder in " + folder, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while making PostgreSQL's data folder", e);
        } finally {
            deleteQuietly(password);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It is readable by its owner only; the next initialisation removes it.
        }
    }
}
