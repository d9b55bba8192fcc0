package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.control.ControlServer;
import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.embedded.Postgres;
import io.opsrelay.standalone.process.LogFile;
import io.opsrelay.standalone.process.ProcessIdentity;
import io.opsrelay.standalone.process.StartFailure;
import io.opsrelay.standalone.process.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts everything, keeps it running, and ends it in order. Lives in the one process that holds the home's lock, from
 * {@code up} until a signal.
 */
final class Supervisor {

    private static final long LOG_LIMIT = 20L * 1024 * 1024;
    private static final int LOGS_KEPT = 3;

    private final Settings settings;
    private final Console console;
    private final boolean storesOnly;
    private final List<Supervised> infrastructure = new ArrayList<>();
    private final Infrastructure parts;
    private final Instances instances;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ScheduledExecutorService chores = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("chores").factory());

    private volatile @Nullable ControlServer control;

    /**
     * Nothing is started yet. The home must exist.
     *
     * @param storesOnly whether to start no services
     */
    Supervisor(Settings settings, Console console, boolean storesOnly) {
        this.storesOnly = storesOnly;
        this.settings = settings;
        this.console = console;
        this.parts = new Infrastructure(settings);
        this.instances = new Instances(settings, parts, console);
    }

    /**
     * Starts everything and stays until it was ended. The caller holds the lock.
     *
     * @throws StartFailure if something cannot be started; everything was ended again then
     */
    void run() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::end));
        Home home = settings.home();
        new ProcessFile(ProcessFile.SUPERVISOR, ProcessIdentity.current(), 0, 0, Instant.now(), 0).write(home.run());
        try {
            start();
        } catch (StartFailure e) {
            if (ended.get()) {
                // A signal came while starting: what failed, failed because of that.
                awaitOver();
                return;
            }
            end();
            throw e;
        }
        awaitOver();
    }

    /** Marks that everything was ready once, for who started this supervisor in the background. */
    static Path readyFile(Home home) {
        return home.run().resolve("ready");
    }

    private void start() {
        Home home = settings.home();
        deleteReadyFile();
        List<Component> own = parts.components();
        Leftovers.end(home, own, console);
        own.forEach(Component::check);
        PortCheck.require(settings, own);
        if (!Tools.childrenDieWithParent()) {
            console.event("setpriv is missing: if this process is killed, the others stay until the next up or down");
        }
        Replicas replicas = new Replicas(home.replicas());
        if (!storesOnly) {
            addInstances(replicas);
        }
        own.forEach(component -> infrastructure.add(new Supervised(component, console, home, () -> {})));
        ControlServer operator = ControlServer.start(
                settings.launcherPort(),
                parts.launcherToken(),
                home.operations(),
                new ServiceOperations(instances, replicas, ServiceOperations.READY_LIMIT),
                console::event);
        control = operator;
        chores.scheduleWithFixedDelay(this::rotateLogs, 5, 5, TimeUnit.SECONDS);
        var progress = chores.scheduleWithFixedDelay(this::tellWhatIsMissing, 10, 10, TimeUnit.SECONDS);

        console.event("starting " + names(infrastructure.isEmpty() ? services() : infrastructure));
        infrastructure.forEach(Supervised::begin);
        // While Kafka starts, which takes longer.
        awaitReady(infrastructure.stream()
                .filter(part -> part.name().equals(Postgres.NAME))
                .toList());
        long began = System.nanoTime();
        parts.prepareDatabases();
        console.event(
                "databases          ready  after " + Console.inSeconds(Duration.ofNanos(System.nanoTime() - began)));
        awaitReady(infrastructure);

        if (storesOnly) {
            console.say("\nOnly the stores run; for the services: ./opsrelay down, then ./opsrelay up");
        } else {
            startServices();
            operator.open();
            console.say(Welcome.text(settings, console.elapsed()));
        }
        progress.cancel(false);
        try {
            Files.writeString(readyFile(home), Instant.now().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startServices() {
        new FastStarts(settings.home(), console)
                .make(
                        instances.all().stream()
                                .map(instance -> instance.process().trainee())
                                .toList(),
                        parts.kafkaCache());
        console.event("starting " + names(services()));
        instances.all().forEach(instances::begin);
        awaitReady(services());
    }

    private void addInstances(Replicas replicas) {
        for (Service service : Service.values()) {
            for (int i = 0; i < replicas.of(service); i++) {
                instances.add(service).process().check();
            }
        }
        instances.publish();
    }

    private List<Supervised> services() {
        return instances.all().stream().map(Instance::supervised).toList();
    }

    private static void awaitReady(List<Supervised> parts) {
        CompletableFuture<?>[] all = parts.stream().map(Supervised::firstReady).toArray(CompletableFuture[]::new);
        CompletableFuture<Void> failed = new CompletableFuture<>();
        for (CompletableFuture<?> one : all) {
            one.whenComplete((_, failure) -> {
                if (failure != null) {
                    failed.completeExceptionally(failure);
                }
            });
        }
        try {
            // The first failure counts at once; waiting for the others would only hide it.
            CompletableFuture.anyOf(CompletableFuture.allOf(all), failed).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StartFailure failure
                    ? failure
                    : new StartFailure(String.valueOf(e.getCause()), e);
        }
    }

    /** Services first, then mail, Redis, Kafka, PostgreSQL; callable from anywhere, effective once. */
    private void end() {
        if (!ended.compareAndSet(false, true)) {
            awaitOver();
            return;
        }
        long began = System.nanoTime();
        boolean anything = !infrastructure.isEmpty() || !services().isEmpty();
        if (anything) {
            console.say("");
            console.event("stopping: services first, then mail, Redis, Kafka, PostgreSQL");
        }
        deleteReadyFile();
        chores.shutdownNow();
        ControlServer operator = control;
        if (operator != null) {
            operator.close();
        }
        instances.end();
        infrastructure.reversed().forEach(Supervised::end);
        ProcessFile.delete(settings.home().run(), ProcessFile.SUPERVISOR);
        if (anything) {
            console.event("stopped after " + Console.inSeconds(Duration.ofNanos(System.nanoTime() - began))
                    + "; the data stays in " + settings.home().root());
        }
        over.countDown();
    }

    private void tellWhatIsMissing() {
        List<Supervised> services = services();
        String missing =
                services.stream().anyMatch(service -> service.firstReady().isDone())
                                || infrastructure.stream()
                                        .allMatch(part -> part.firstReady().isDone())
                        ? unready(services)
                        : unready(infrastructure);
        if (!missing.isEmpty()) {
            console.event("waiting for " + missing);
        }
    }

    private static String unready(List<Supervised> parts) {
        return parts.stream()
                .filter(part -> !part.firstReady().isDone())
                .map(Supervised::name)
                .collect(Collectors.joining(", "));
    }

    private static String names(List<Supervised> parts) {
        return parts.stream().map(Supervised::name).collect(Collectors.joining(", "));
    }

    private void rotateLogs() {
        try (DirectoryStream<Path> logs =
                Files.newDirectoryStream(settings.home().logs(), "*.log")) {
            logs.forEach(log -> LogFile.rotate(log, LOG_LIMIT, LOGS_KEPT));
        } catch (IOException e) {
            // Tried again in a few seconds.
        }
    }

    private void deleteReadyFile() {
        try {
            Files.deleteIfExists(readyFile(settings.home()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitOver() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
