package io.opsrelay.benchmarks.actions;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.ProcessSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The action-engine's program, which will be started often: unpacked, with what a first start has loaded, as the launcher does it. */
final class EngineProgram {

    private static final String MODULE = "action-engine";

    private final Path folder;
    private final List<String> flags;
    private final Path packaged;
    private final Path unpacked;
    private final Path cache;
    private List<String> beginning;

    EngineProgram(Path checkout, Path folder, List<String> flags) {
        this.folder = folder;
        this.flags = List.copyOf(flags);
        this.packaged = checkout.resolve(MODULE + "/target/" + MODULE + "-1.0.0-SNAPSHOT-exec.jar")
                .toAbsolutePath();
        this.unpacked = folder.resolve("engine");
        this.cache = folder.resolve("engine.aot");
        this.beginning = List.of("-jar", packaged.toString());
    }

    /** Makes starts fast; where that fails they stay slow. The stores must run: the schema is migrated by the way. */
    void train(Map<String, String> environment, Duration limit) throws InterruptedException {
        if (!Files.exists(packaged)) {
            throw new IllegalStateException(packaged + " is missing: build it first (mvn package -DskipTests)");
        }
        Path jar = unpacked.resolve(packaged.getFileName());
        List<String> unpacking = List.of(
                "-Djarmode=tools",
                "-jar",
                packaged.toString(),
                "extract",
                "--force",
                "--destination",
                unpacked.toString());
        if (!done(unpacking, environment, limit)) {
            return;
        }
        beginning = List.of("-jar", jar.toString());
        List<String> training = new ArrayList<>(flags);
        training.addAll(
                List.of("-XX:AOTCacheOutput=" + cache, "-Dspring.context.exit=onRefresh", "-jar", jar.toString()));
        if (done(training, environment, limit) && Files.exists(cache)) {
            beginning = List.of("-XX:AOTCache=" + cache, "-jar", jar.toString());
        }
    }

    private boolean done(List<String> arguments, Map<String, String> environment, Duration limit)
            throws InterruptedException {
        ChildProcess process = java("training", arguments, environment);
        if (!process.awaitExit(limit)) {
            process.end(Ending.politely(Duration.ofSeconds(1)));
            return false;
        }
        return process.awaitExit() == 0;
    }

    /** Starts it and returns at once. */
    ChildProcess start(Map<String, String> environment, List<String> settings) {
        List<String> arguments = new ArrayList<>(flags);
        arguments.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        arguments.addAll(beginning);
        arguments.addAll(settings);
        return java("action", arguments, environment);
    }

    private ChildProcess java(String name, List<String> arguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
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
}
