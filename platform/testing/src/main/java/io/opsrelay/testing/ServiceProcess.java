package io.opsrelay.testing;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.Ports;
import io.opsrelay.standalone.process.ProcessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A service in a JVM of its own, with the class path of the test, that a test can let die as kill -9 would: between two
 * named steps. Its database, topics and port outlive it, so that the next process goes on where it ended.
 */
public final class ServiceProcess implements AutoCloseable {

    /** Where it may be told to die; the names of the failpoints. */
    private static final List<String> POINTS =
            List.of("before-commit", "after-commit", "before-provider-call", "after-provider-call");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int KILLED = 137;

    private final String mainClass;
    private final Map<String, @Nullable String> environment;
    private final Path folder;
    private final int port = Ports.free();
    private @Nullable ChildProcess process;

    /**
     * Describes one; it is not started yet.
     *
     * @param mainClass of the service
     * @param database with the service's schema
     * @param kafka whose prefix its topics have
     * @param settings properties of the service
     * @param folder for its log and what arms its failpoints
     */
    public ServiceProcess(
            Class<?> mainClass, TestDatabase database, TestKafka kafka, Map<String, String> settings, Path folder) {
        this.mainClass = mainClass.getName();
        this.folder = folder;
        TestServices services = TestServices.get();
        environment = new HashMap<>(TestTokens.environment());
        environment.put("CLASSPATH", System.getProperty("java.class.path"));
        environment.put("OPSRELAY_BIND", "127.0.0.1");
        environment.put("OPSRELAY_KAFKA", services.kafka());
        environment.put("OPSRELAY_REDIS", services.redis());
        environment.put("OPSRELAY_POSTGRES", database.url());
        environment.put("OPSRELAY_DB_OWNER_PASSWORD", database.passwords().owner());
        environment.put("OPSRELAY_DB_APP_PASSWORD", database.passwords().app());
        environment.put("OPSRELAY_DB_RELAY_PASSWORD", database.passwords().relay());
        environment.put("OPSRELAY_FAILPOINTS", String.join("=gather,", POINTS) + "=gather");
        environment.put("OPSRELAY_FAILPOINT_MARKERS", folder.toString());
        StringBuilder properties = new StringBuilder("opsrelay.topic-prefix=" + kafka.prefix() + "\n");
        settings.forEach((name, value) ->
                properties.append(name).append('=').append(value).append('\n'));
        try {
            Path file = Files.writeString(folder.resolve("service.properties"), properties);
            environment.put("SPRING_CONFIG_ADDITIONAL_LOCATION", file.toUri().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        environment.put("SERVER_PORT", Integer.toString(port));
    }

    /** Where it listens, whichever process it is. */
    public int port() {
        return port;
    }

    /** Starts it, and returns when it is ready. */
    public void start() {
        ChildProcess started = ChildProcess.start(new ProcessSpec(
                mainClass.substring(mainClass.lastIndexOf('.') + 1),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "--enable-native-access=ALL-UNNAMED",
                        mainClass),
                environment,
                folder,
                folder.resolve("service.log"),
                EndSignal.KILL,
                Optional.empty()));
        process = started;
        Awaitility.await("the service is ready")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!started.alive()) {
                        throw new IllegalStateException("the service ended: " + said(started));
                    }
                    return isReady();
                });
    }

    /**
     * From now on it holds whoever reaches that point, and dies when so many are there.
     *
     * @param point e.g. {@code before-commit}
     */
    public void dieAt(String point, int threads) {
        if (!POINTS.contains(point)) {
            throw new IllegalArgumentException(point + " is none of " + POINTS);
        }
        try {
            // Nobody may read a half-written one.
            Path draft = Files.writeString(folder.resolve("order"), Integer.toString(threads));
            Files.move(draft, folder.resolve(point + ".gather"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the death that was ordered. */
    public void awaitDeath() {
        ChildProcess dying = running();
        Awaitility.await("the death of the service")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !dying.alive());
        try {
            int exit = dying.awaitExit();
            if (exit != KILLED) {
                throw new AssertionError("the service ended with " + exit + ": " + said(dying));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it, if it runs. */
    @Override
    public void close() {
        ChildProcess last = process;
        if (last != null && last.alive()) {
            last.end(new Ending(List.of(new Ending.Step(EndSignal.KILL, Duration.ofSeconds(5)))));
        }
    }

    private ChildProcess running() {
        ChildProcess last = process;
        if (last == null) {
            throw new IllegalStateException("the service was not started");
        }
        return last;
    }

    private static String said(ChildProcess of) {
        return String.join("\n", of.lastLines(40));
    }

    private boolean isReady() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                                    HttpRequest.newBuilder(URI.create(
                                                    "http://127.0.0.1:" + port + "/actuator/health/readiness"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
