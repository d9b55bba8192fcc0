package io.opsrelay.benchmarks.jvm;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.ProcessSpec;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A service in a process of its own, from the jar that the build has made. */
public final class ServiceJar {

    private static final int PATIENCE_MILLIS = 2000;

    private ServiceJar() {}

    /**
     * Starts one and returns at once.
     *
     * @param module of the service
     * @param folder gets the log, {@code <name>.log}
     * @param flags of its JVM
     * @param arguments of the service, its port among them
     */
    public static ChildProcess start(
            String module,
            Path checkout,
            Path folder,
            String name,
            List<String> flags,
            Map<String, String> environment,
            List<String> arguments) {
        Path jar = checkout.resolve(module + "/target/" + module + "-1.0.0-SNAPSHOT-exec.jar")
                .toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: build it first (mvn package -DskipTests)");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-jar", jar.toString()));
        command.addAll(arguments);
        return ChildProcess.start(new ProcessSpec(
                name,
                command,
                Map.copyOf(environment),
                folder,
                folder.resolve(name + ".log"),
                EndSignal.TERM,
                Optional.empty()));
    }

    /** Whether the service on that port says that it is ready. */
    public static boolean isReady(int port) {
        try {
            HttpURLConnection asked =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness")
                            .toURL()
                            .openConnection();
            asked.setConnectTimeout(PATIENCE_MILLIS);
            asked.setReadTimeout(PATIENCE_MILLIS);
            try {
                return asked.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                asked.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws IllegalStateException with the end of its log, if it ends or is not ready in time */
    public static void awaitReady(ChildProcess service, int port, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() - end < 0 && service.alive()) {
            if (isReady(port)) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException(
                "the service did not become ready:\n" + String.join("\n", service.lastLines(20)));
    }
}
