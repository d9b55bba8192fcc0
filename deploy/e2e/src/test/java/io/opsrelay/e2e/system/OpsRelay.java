package io.opsrelay.e2e.system;

import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.upgrade.Recorder;
import io.opsrelay.e2e.upgrade.Recording;
import io.opsrelay.e2e.upgrade.Restoration;
import io.opsrelay.e2e.upgrade.Stores;
import io.opsrelay.standalone.process.OsUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The whole system as {@code ./opsrelay up} starts it, on free ports and with data of its own. What is called here is
 * the launcher, not the script: the script would build, and a build is what this runs in.
 */
public final class OpsRelay implements AutoCloseable {

    /** Of all demo users. */
    public static final String PASSWORD = "demo";

    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration END_LIMIT = Duration.ofSeconds(120);
    /** What was recorded long ago is swept away by no rule about age. */
    private static final Map<String, String> NOTHING_IS_TOO_OLD = Map.of(
            "OPSRELAY_DEADLETTERS_KEEPOPEN", "36500d",
            "OPSRELAY_EMAIL_FILEDKEPT", "36500d",
            "OPSRELAY_NUMBERS_KEEPQUARTERS", "36500d");

    /** Of the five services and the launcher. */
    private static final int PORTS = 6;

    private final Path checkout;
    private final Path data;
    private final Path console;
    private final int port;
    private final Map<String, String> environment = new TreeMap<>();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
    private final Map<String, Person> people = new ConcurrentHashMap<>();
    private final Thread lastResort = new Thread(this::killEverything);
    private @Nullable Process supervisor;

    private OpsRelay(Path checkout) throws IOException {
        this.checkout = checkout;
        Path target = checkout.resolve("deploy/e2e/target");
        Files.createDirectories(target);
        this.data = dataFolder(target);
        this.console = target.resolve("opsrelay-console.log");
        this.port = freeBlock();
        // Who has connected may halt before it says who it is.
        environment.put("OPSRELAY_STREAM_AUTHTIMEOUT", "60s");
        environment.put("OPSRELAY_PORT", Integer.toString(port));
        environment.put("OPSRELAY_DATA", data.toString());
        List<Integer> others = freePorts(5);
        environment.put("OPSRELAY_KAFKA_PORT", others.get(0).toString());
        environment.put("OPSRELAY_POSTGRES_PORT", others.get(1).toString());
        environment.put("OPSRELAY_REDIS_PORT", others.get(2).toString());
        environment.put("OPSRELAY_LOCAL_SMTP_PORT", others.get(3).toString());
        environment.put("OPSRELAY_LOCAL_IMAP_PORT", others.get(4).toString());
        Files.deleteIfExists(console);
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** Starts the system with empty stores; returns when it is ready. */
    static OpsRelay startFresh() {
        try {
            Path checkout = Path.of(System.getProperty("opsrelay.checkout", "../.."))
                    .toAbsolutePath()
                    .normalize();
            OpsRelay system = new OpsRelay(checkout);
            system.launch("down").waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS); // of a run that was cut off
            system.up("--fresh");
            return system;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Somebody who signs in as a demo user, e.g. {@code agent@acme.example}. */
    public Person as(String user) {
        return people.computeIfAbsent(user, name -> new Person(client, base(), name));
    }

    /** Somebody without a token. */
    public Person nobody() {
        return new Person(client, base(), null);
    }

    /** The gateway's address. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Kafka's address, as other systems that write to the broker know it. */
    public String kafka() {
        return "127.0.0.1:" + environment.get("OPSRELAY_KAFKA_PORT");
    }

    /** The folder of its data, logs and process files. */
    public Path home() {
        return data;
    }

    /** Starts it again on the same data; returns when it is ready. */
    public void upAgain() {
        up();
    }

    /** Ends it without a word and starts it again on the same data, with these variables beside its own. */
    public void restartWith(Map<String, String> variables) {
        killEverything();
        upWith(variables);
    }

    /** Like {@link #restartWith}, with empty stores; sign-ins are gone as well. */
    public void beginAnewWith(Map<String, String> variables) {
        killEverything();
        people.clear(); // whose tokens are of keys that are made anew
        upWith(variables, "--fresh");
    }

    private void upWith(Map<String, String> variables, String... options) {
        Map<String, String> before = new TreeMap<>(environment);
        environment.putAll(variables);
        try {
            up(options);
        } finally {
            environment.clear();
            environment.putAll(before);
        }
    }

    /** Runs {@code ./opsrelay demo} into it for so long; returns what that printed. Fails unless all went well. */
    public String demo(Duration length, double rate, long seed) {
        Path told = checkout.resolve("deploy/e2e/target/demo.txt");
        try {
            Files.deleteIfExists(told);
            Process demo = launch(told, "demo", "--seconds=" + length.toSeconds(), "--rate=" + rate, "--seed=" + seed);
            try {
                if (!demo.waitFor(length.plus(END_LIMIT).toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("the demo did not end: " + Files.readString(told));
                }
            } finally {
                demo.destroyForcibly();
            }
            if (demo.exitValue() != 0) {
                throw new AssertionError("the demo ended with " + demo.exitValue() + ": " + Files.readString(told));
            }
            return Files.readString(told);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends it, and starts it again on what the recording's stores held; what it held itself is gone, sign-ins included. */
    public void restore(Recording recording) {
        killEverything();
        people.clear(); // whose tokens are of keys that are made anew
        up("--fresh", "--stores");
        try {
            new Restoration(checkout, stores(), recording).restore();
        } catch (IOException | SQLException | ExecutionException e) {
            throw new IllegalStateException("the recording " + recording + " could not be restored", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        end();
        upWith(NOTHING_IS_TOO_OLD);
    }

    /** Ends every process at once and records what its stores hold then; it does not run afterwards. */
    public void record(Recording recording) {
        killEverything();
        up("--stores");
        try {
            new Recorder(stores(), recording).record();
        } catch (IOException | SQLException | ExecutionException e) {
            throw new IllegalStateException("the recording " + recording + " could not be made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        end();
    }

    private Stores stores() {
        return new Stores(data, Integer.parseInt(environment.get("OPSRELAY_POSTGRES_PORT")), kafka());
    }

    /** Stops the process where it stands, with SIGSTOP; nothing starts it again. */
    public void freeze(String service) {
        try {
            new ProcessBuilder("kill", "-STOP", Long.toString(pidOf(service)))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends every process of it with SIGKILL, the supervisor first, so that nothing can be put in order. */
    public void killEverything() {
        Process running = supervisor;
        if (running == null) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>(running.descendants().toList());
        running.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        await("the end of all processes")
                .atMost(END_LIMIT)
                .until(() -> !running.isAlive() && all.stream().noneMatch(ProcessHandle::isAlive));
        supervisor = null;
    }

    /** Ends one process with SIGKILL; the supervisor stays. Returns its id. */
    public long kill(String service) {
        ProcessHandle process = processOf(service);
        process.destroyForcibly();
        await("the end of " + service).atMost(END_LIMIT).until(() -> !process.isAlive());
        return process.pid();
    }

    /** The id of a service's process. */
    public long pidOf(String service) {
        return processOf(service).pid();
    }

    /** Waits until a service that died was started again. */
    public void awaitRestarted(String service, long formerPid) {
        await("another process of " + service).atMost(END_LIMIT).until(() -> pids(service).stream()
                .anyMatch(pid -> pid != formerPid));
    }

    private ProcessHandle processOf(String service) {
        List<Long> pids = pids(service);
        if (pids.size() != 1) {
            throw new IllegalStateException("one process names " + service + " on its command line, not " + pids);
        }
        return ProcessHandle.of(pids.getFirst()).orElseThrow();
    }

    /** The ids of the processes of all instances of a service. */
    public List<Long> pids(String service) {
        Process running = supervisor;
        if (running == null) {
            throw new IllegalStateException("nothing runs");
        }
        return running.descendants()
                // A wrapper that starts it carries the same words, and has a child.
                .filter(process -> process.children().findAny().isEmpty())
                .filter(process -> process.info().commandLine().orElse("").contains("-Dopsrelay.process=" + service))
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Ends it as Ctrl-C does. The data and logs stay for whoever has to find out what went wrong. */
    @Override
    public void close() {
        end();
        client.close();
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }

    private void end() {
        Process running = supervisor;
        if (running != null) {
            running.destroy();
            try {
                if (!running.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    killEverything();
                    throw new AssertionError("the supervisor did not end within " + END_LIMIT + " of SIGTERM");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            supervisor = null;
        }
    }

    private void up(String... options) {
        try {
            Path ready = data.resolve("run/ready");
            Files.deleteIfExists(ready);
            List<String> command = new ArrayList<>(List.of("up"));
            command.addAll(List.of(options));
            Process starting = launch(command.toArray(String[]::new));
            supervisor = starting;
            await("the system to be ready")
                    .atMost(START_LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        if (!starting.isAlive()) {
                            throw new IllegalStateException("the launcher ended with " + starting.exitValue());
                        }
                        return Files.exists(ready);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConditionTimeoutException | IllegalStateException e) {
            String log = consoleTail();
            killEverything();
            throw new IllegalStateException(
                    "OpsRelay did not start; logs are in " + data.resolve("logs") + "\n" + log, e);
        }
    }

    /** What a command of the launcher prints; fails unless it ends well. */
    public String command(String... arguments) {
        try {
            Process process = builder(arguments).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new AssertionError(String.join(" ", arguments) + " ended with " + exit + ":\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What the launcher has printed since this system was first started. */
    public String console() {
        try {
            return Files.readString(console);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch(String... arguments) throws IOException {
        return launch(console, arguments);
    }

    private Process launch(Path output, String... arguments) throws IOException {
        return builder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
    }

    private ProcessBuilder builder(String... arguments) {
        Path target = checkout.resolve("deploy/standalone/target");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dopsrelay.process=supervisor",
                "-Dopsrelay.checkout=" + checkout,
                "-Dlogback.configurationFile=opsrelay-logback.xml",
                "-cp",
                target.resolve("standalone-1.0.0-SNAPSHOT.jar") + ":" + target.resolve("lib") + "/*",
                "io.opsrelay.standalone.launcher.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(checkout.toFile());
        // What the developer's shell points to is not what is tested here.
        builder.environment().keySet().removeIf(name -> name.startsWith("OPSRELAY_"));
        builder.environment().putAll(environment);
        return builder;
    }

    private String consoleTail() {
        try {
            List<String> lines = Files.readAllLines(console, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return "(no output: " + e + ")";
        }
    }

    /** Below target; for root in a checkout closed to others elsewhere, since PostgreSQL runs as another user then. */
    private static Path dataFolder(Path target) {
        return OsUser.isRoot() && OsUser.firstClosedFolder(target).isPresent()
                ? Path.of(System.getProperty("java.io.tmpdir"), "opsrelay-e2e")
                : target.resolve("opsrelay");
    }

    /** A port with the next five free as well: services and launcher listen behind the gateway's. */
    private static int freeBlock() throws IOException {
        for (int tries = 0; tries < 200; tries++) {
            // Below the range from which systems take ports for outgoing connections.
            int first = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            if (areFree(first)) {
                return first;
            }
        }
        throw new IOException("no block of " + PORTS + " free ports was found");
    }

    private static boolean areFree(int first) {
        for (int offset = 0; offset < PORTS; offset++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), first + offset));
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < count) {
            int candidate = ThreadLocalRandom.current().nextInt(30_000, 32_000);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
                if (!ports.contains(candidate)) {
                    ports.add(candidate);
                }
            } catch (IOException e) {
                // Taken: another one.
            }
        }
        return ports;
    }
}
