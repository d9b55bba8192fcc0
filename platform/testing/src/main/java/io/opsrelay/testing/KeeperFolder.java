package io.opsrelay.testing;

import io.opsrelay.standalone.launcher.Home;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.ProcessIdentity;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Where test JVMs and the keeper of the shared services meet: {@code target/test-services} of the checkout. A lock
 * decides who starts the keeper and keeps it from ending while somebody joins; a file tells where the services are;
 * one file per user tells for whose sake they run.
 */
final class KeeperFolder {

    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final Path root;
    private final Path folder;

    KeeperFolder() {
        this(checkout());
    }

    KeeperFolder(Path root) {
        this.root = root;
        this.folder = root.resolve("target").resolve("test-services");
    }

    Path log() {
        return folder.resolve("keeper.log");
    }

    /** What the services write; beside the checkout where PostgreSQL's user could not reach it. */
    Path data() {
        Home home = home();
        return home.root().startsWith(root)
                ? folder.resolve("data")
                : home.root().resolve("test-services");
    }

    /** Shared with the launcher: unpacking once is enough. */
    Path cache() {
        return home().cache();
    }

    private Home home() {
        return Home.locate(root, Map.of());
    }

    /** Answers the running services, started now if need be, and notes that this build uses them. */
    TestServices join() {
        return locked(() -> {
            ProcessIdentity user = BuildProcess.find();
            Files.createDirectories(users());
            writeWhole(users().resolve(Long.toString(user.pid())), Map.of("started", user.started()));
            Optional<TestServices> running = running();
            return running.isPresent() ? running.get() : start();
        });
    }

    /** Called by the keeper when everything runs. */
    void publish(TestServices services) {
        Properties properties = services.toProperties();
        ProcessIdentity keeper = ProcessIdentity.current();
        properties.setProperty("keeper.pid", Long.toString(keeper.pid()));
        properties.setProperty("keeper.started", keeper.started());
        Map<String, String> map = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> map.put(name, properties.getProperty(name)));
        writeWhole(description(), map);
    }

    /** Withdraws the description if no user is left; true if so. Who joins later starts a keeper of its own. */
    boolean withdrawIfUnused() {
        if (hasUsers()) {
            return false;
        }
        return locked(() -> {
            if (hasUsers()) {
                return false;
            }
            Files.deleteIfExists(description());
            try (DirectoryStream<Path> gone = Files.newDirectoryStream(users())) {
                for (Path file : gone) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException e) {
                // A clean build was faster.
            }
            return true;
        });
    }

    private boolean hasUsers() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(users(), "[0-9]*")) {
            for (Path file : files) {
                String started = read(file).getProperty("started", "");
                if (new ProcessIdentity(Long.parseLong(file.getFileName().toString()), started).alive()) {
                    return true;
                }
            }
        } catch (IOException e) {
            // A clean build removed the folder: nobody's name is in it any more.
        }
        return false;
    }

    private Optional<TestServices> running() {
        if (!Files.exists(description())) {
            return Optional.empty();
        }
        Properties properties = read(description());
        ProcessIdentity keeper = new ProcessIdentity(
                Long.parseLong(properties.getProperty("keeper.pid", "0")),
                properties.getProperty("keeper.started", ""));
        return keeper.alive() ? Optional.of(TestServices.from(properties)) : Optional.empty();
    }

    private TestServices start() throws IOException, InterruptedException {
        Files.deleteIfExists(description());
        List<String> command = new ArrayList<>();
        ChildProcess.sessionLeader().ifPresent(command::add);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dopsrelay.process=test-services",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dlogback.configurationFile=opsrelay-logback.xml",
                ServicesKeeper.class.getName(),
                root.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process keeper = builder.start();
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Optional<TestServices> services = running();
            if (services.isPresent()) {
                return services.get();
            }
            if (!keeper.isAlive()) {
                break;
            }
            Thread.sleep(Duration.ofMillis(50));
        }
        keeper.destroy();
        throw new IllegalStateException("the services for the tests did not start:\n" + Files.readString(log()));
    }

    private Path description() {
        return folder.resolve("services.properties");
    }

    private Path users() {
        return folder.resolve("users");
    }

    private interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T locked(Work<T> work) {
        try {
            Files.createDirectories(folder);
            try (FileChannel channel = FileChannel.open(
                            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                return work.run();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the tests' services", e);
        }
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file)));
        } catch (IOException e) {
            // Gone meanwhile: as good as empty.
        }
        return properties;
    }

    private static void writeWhole(Path file, Map<String, String> content) {
        Properties properties = new Properties();
        properties.putAll(content);
        try (StringWriter text = new StringWriter()) {
            properties.store(text, null);
            Path partial = Files.createTempFile(file.toAbsolutePath().getParent(), "new", ".part");
            Files.writeString(partial, text.toString());
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder with the {@code opsrelay} script, or the outermost one with a pom, from the working directory up. */
    private static Path checkout() {
        Path start = Path.of("").toAbsolutePath();
        Path outermost = start;
        for (Path path = start; path != null; path = path.getParent()) {
            if (Files.exists(path.resolve("opsrelay")) && Files.exists(path.resolve("pom.xml"))) {
                return path;
            }
            if (Files.exists(path.resolve("pom.xml"))) {
                outermost = path;
            }
        }
        return outermost;
    }
}
