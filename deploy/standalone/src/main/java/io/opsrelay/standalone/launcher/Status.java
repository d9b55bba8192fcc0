package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.embedded.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The command {@code status}: one line per process, measured now, and what all of them hold together. */
final class Status {

    private static final int NOT_RUNNING = 3;
    private static final String ROW = "%-18s %-13s %8s %6s %10s %8s %9s";

    private Status() {}

    /** @param bytes that it holds, 0 if nothing runs there or nobody tells */
    private record Line(String text, long bytes) {}

    static int run(Settings settings, Console console) {
        Home home = settings.home();
        Optional<ProcessFile> supervisor = ProcessFile.read(home.run(), ProcessFile.SUPERVISOR)
                .filter(file -> file.identity().alive());
        if (supervisor.isEmpty()
                && ProcessFile.readAll(home.run()).stream()
                        .noneMatch(file -> file.identity().alive())) {
            console.say("OpsRelay does not run. Its data is in " + home.root());
            return NOT_RUNNING;
        }
        List<CompletableFuture<Line>> rows = new ArrayList<>();
        for (Component component : new Infrastructure(settings).components()) {
            rows.add(CompletableFuture.supplyAsync(() -> row(component, home), Parallel::start));
        }
        for (Service service : Service.values()) {
            rows.addAll(rows(service, settings));
        }
        console.say(ROW.formatted("PROCESS", "STATE", "PID", "PORT", "UPTIME", "RSS", "RESTARTS"));
        List<Line> lines = new ArrayList<>();
        lines.add(supervisor
                .map(file -> row(file, "runs"))
                .orElseGet(() -> new Line(ROW.formatted(ProcessFile.SUPERVISOR, "gone", "", "", "", "", ""), 0)));
        rows.forEach(row -> lines.add(row.join()));
        lines.forEach(line -> console.say(line.text()));
        // What processes share, such as the JVM's own code, counts in each of them.
        long all = lines.stream().mapToLong(Line::bytes).sum();
        console.say(
                ROW.formatted("together", "", "", "", "", megabytes(all), "").stripTrailing());
        settings.kafka().ifPresent(address -> console.say("%-18s %s".formatted("kafka", "your own, " + address)));
        settings.postgres().ifPresent(url -> console.say("%-18s %s".formatted("postgres", "your own, " + url)));
        settings.redis().ifPresent(uri -> console.say("%-18s %s".formatted("redis", "your own, " + uri)));
        if (settings.ownMail()) {
            console.say("%-18s %s".formatted("mail", "your own"));
        }
        console.say("");
        console.say("Dashboard  " + settings.dashboard());
        console.say("Data       " + home.root());
        if (supervisor.isEmpty()) {
            console.say("The supervisor is gone; ./opsrelay up or ./opsrelay down ends what it left.");
        }
        return 0;
    }

    /** Whether a supervisor runs. */
    static boolean supervised(Home home) {
        return ProcessFile.read(home.run(), ProcessFile.SUPERVISOR)
                .filter(file -> file.identity().alive())
                .isPresent();
    }

    private static Line row(Component component, Home home) {
        Optional<ProcessFile> file = ProcessFile.read(home.run(), component.name())
                .filter(known -> known.identity().alive());
        return file.isEmpty()
                ? down(component.name(), component.port())
                : row(file.get(), component.healthy() ? "ready" : "not answering");
    }

    /** One for each instance that runs. */
    private static List<CompletableFuture<Line>> rows(Service service, Settings settings) {
        List<ProcessFile> running = ProcessFile.readAll(settings.home().run()).stream()
                .filter(file ->
                        service.isInstance(file.name()) && file.identity().alive())
                .sorted(Comparator.comparing(ProcessFile::name))
                .toList();
        if (running.isEmpty()) {
            return List.of(CompletableFuture.completedFuture(down(service.processName, settings.port(service))));
        }
        return running.stream()
                .map(file -> CompletableFuture.supplyAsync(
                        () -> row(file, ServiceProcess.healthy(file.healthPort()) ? "ready" : "not answering"),
                        Parallel::start))
                .toList();
    }

    private static Line down(String name, int port) {
        return new Line(ROW.formatted(name, "down", "", port, "", "", ""), 0);
    }

    private static Line row(ProcessFile file, String state) {
        Optional<Long> memory = memory(file);
        String text = ROW.formatted(
                file.name(),
                state,
                file.identity().pid(),
                file.port() == 0 ? "" : file.port(),
                uptime(Duration.between(file.since(), Instant.now())),
                memory.map(Status::megabytes).orElse(""),
                file.restarts());
        return new Line(text, memory.orElse(0L));
    }

    private static String megabytes(long bytes) {
        return bytes / 1024 / 1024 + " MB";
    }

    private static Optional<Long> memory(ProcessFile file) {
        long pid = file.identity().pid();
        // The supervisor's descendants are the other rows.
        return file.name().equals(ProcessFile.SUPERVISOR) ? Memory.resident(pid) : Memory.residentWithDescendants(pid);
    }

    private static String uptime(Duration duration) {
        return duration.toHours() > 0
                ? String.format(Locale.ROOT, "%dh %02dm", duration.toHours(), duration.toMinutesPart())
                : String.format(Locale.ROOT, "%dm %02ds", duration.toMinutes(), duration.toSecondsPart());
    }
}
