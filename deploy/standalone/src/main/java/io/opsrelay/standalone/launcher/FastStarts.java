package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.embedded.KafkaCache;
import io.opsrelay.standalone.process.AotCache;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.ProcessSpec;
import io.opsrelay.standalone.process.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link StartCache}s and the {@link KafkaCache} that are missing, once per build: two training runs at a time,
 * since each keeps a core busy. What a cache cannot be made for starts without it, only slower.
 */
final class FastStarts {

    private static final int AT_ONCE = 2;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Home home;
    private final Console console;

    FastStarts(Home home, Console console) {
        this.home = home;
        this.console = console;
    }

    /**
     * A service to be trained.
     *
     * @param flags of the JVM; a cache fits these only
     * @param environment as the service itself gets it: the training run migrates the service's schema
     */
    record Trainee(
            String service,
            Path packaged,
            List<String> flags,
            Map<String, @Nullable String> environment,
            StartCache cache) {}

    /**
     * Trains those that have no cache yet. The stores must run.
     *
     * @param kafka of the broker that is started here, if one is
     */
    void make(List<Trainee> services, Optional<KafkaCache> kafka) {
        List<Training> trainings = new ArrayList<>();
        kafka.filter(cache -> !cache.made())
                .ifPresent(cache -> trainings.add(new Training("kafka", () -> cache.make(home.log("training")))));
        services.stream()
                .filter(service -> !service.cache().made() && StartCache.fits(service.packaged()))
                .filter(distinct())
                .forEach(service -> trainings.add(new Training(service.service(), () -> make(service))));
        if (trainings.isEmpty()) {
            return;
        }
        console.event("making caches for fast starts (once per build): "
                + String.join(", ", trainings.stream().map(Training::name).toList()));
        try (ExecutorService pool = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().daemon().name("train-", 0).factory())) {
            CompletableFuture.allOf(trainings.stream()
                            .map(training -> CompletableFuture.runAsync(() -> told(training), pool))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
    }

    /** Several instances share what was made for one. */
    private static Predicate<Trainee> distinct() {
        Set<String> seen = new HashSet<>();
        return service -> seen.add(service.service());
    }

    private void told(Training training) {
        long began = System.nanoTime();
        try {
            training.work().run();
            console.event("%-18s cache  after %s"
                    .formatted(training.name(), Console.inSeconds(Duration.ofNanos(System.nanoTime() - began))));
        } catch (IOException | StartFailure e) {
            console.event("no cache for %s, it starts slower: %s; see %s"
                    .formatted(training.name(), e.getMessage(), home.log("training")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void make(Trainee trainee) throws IOException, InterruptedException {
        AotCache cache = trainee.cache().cache();
        cache.clear();
        run(trainee, trainee.cache().unpacking(trainee.packaged()), List.of());
        run(trainee, trainee.cache().training(), trainee.flags());
        cache.accept();
    }

    private void run(Trainee trainee, List<String> arguments, List<String> flags) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(arguments);
        ChildProcess child = ChildProcess.start(new ProcessSpec(
                "training of " + trainee.service(),
                command,
                trainee.environment(),
                trainee.cache().cache().folder(),
                home.log("training"),
                EndSignal.KILL,
                Optional.empty()));
        if (!child.awaitExit(LIMIT)) {
            child.end(Ending.politely(Duration.ofSeconds(1)));
            throw new StartFailure("its training did not end within " + LIMIT.toSeconds() + " s");
        }
        int exit = child.awaitExit();
        if (exit != 0) {
            throw new StartFailure("its training ended with exit code " + exit);
        }
    }

    /** A cache to be made. */
    private record Training(String name, Work work) {}

    private interface Work {
        void run() throws IOException, InterruptedException;
    }
}
