package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.ProcessSpec;
import io.opsrelay.standalone.process.StartFailure;
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
import org.jspecify.annotations.Nullable;

/**
 * An instance of one of the five services in a JVM of its own: the JDK is the launcher's, the jar is what its module
 * packaged.
 */
final class ServiceProcess implements Component {

    private final Service service;
    private final String name;
    private final int port;
    private final int healthPort;
    private final Settings settings;
    private final Map<String, @Nullable String> environment;

    ServiceProcess(
            Service service,
            int number,
            int port,
            int healthPort,
            Settings settings,
            Map<String, @Nullable String> environment) {
        this.service = service;
        this.name = service.instanceName(number);
        this.port = port;
        this.healthPort = healthPort;
        this.settings = settings;
        this.environment = environment;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int healthPort() {
        return healthPort;
    }

    @Override
    public void check() {
        if (!Files.isRegularFile(jar())) {
            throw new StartFailure(name() + " is not built: " + jar() + " is missing");
        }
    }

    @Override
    public int niceness() {
        return service.niceness;
    }

    @Override
    public ChildProcess launch() {
        List<String> command = new ArrayList<>();
        if (service.niceness > 0) {
            // Counts where sessions do not share the processor first.
            command.addAll(List.of("nice", "-n", Integer.toString(service.niceness)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags());
        command.add("-Dopsrelay.process=" + service.processName);
        command.add("-Dopsrelay.instance=" + name);
        StartCache cache = startCache();
        command.addAll(cache.made() ? cache.arguments() : List.of("-jar", jar().toString()));
        return ChildProcess.start(new ProcessSpec(
                name(),
                command,
                environment,
                settings.checkout(),
                settings.home().log(name()),
                EndSignal.TERM,
                Optional.empty()));
    }

    @Override
    public boolean healthy() {
        return healthy(healthPort);
    }

    /** Whether the instance that tells its health on this port serves. */
    static boolean healthy(int port) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness")
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(500);
            connection.setReadTimeout(1500);
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Ending ending() {
        return Ending.politely(Duration.ofSeconds(20));
    }

    /** What its training needs to know. */
    FastStarts.Trainee trainee() {
        return new FastStarts.Trainee(service.processName, jar(), jvmFlags(), environment, startCache());
    }

    private StartCache startCache() {
        return StartCache.of(settings.home().startCaches(), service.processName, jar(), jvmFlags());
    }

    private Path jar() {
        return settings.checkout()
                .resolve(service.processName)
                .resolve("target")
                .resolve(service.processName + "-1.0.0-SNAPSHOT-exec.jar");
    }

    /** The same for all instances: what was made for one of them fits the others. */
    private List<String> jvmFlags() {
        List<String> flags = new ArrayList<>(List.of(
                "-Xmx" + service.heap + "m",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                // The JVM collects its whole heap whenever its classes outgrow what it began with, or its compiled code
                // has grown by 7 MB, also during a start.
                "-XX:MetaspaceSize=128m",
                "-XX:SweeperThreshold=50",
                // Reflection by the JVM's own code: without it a start makes 500 hidden classes for methods that are
                // called
                // a few times, an eighth of all that it does.
                "-Djdk.reflect.useNativeAccessorOnly=true",
                // A virtual thread that loads a class holds its carrier: with one carrier per core, two cores can lock
                // up.
                "-Djdk.virtualThreadScheduler.parallelism=16",
                // Half dead helps nobody; the supervisor starts it again.
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        if (service.quickCompilation) {
            flags.add("-XX:TieredStopAtLevel=1");
        }
        return flags;
    }
}
