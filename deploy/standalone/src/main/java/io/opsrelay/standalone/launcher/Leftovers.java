package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.process.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Processes of an earlier supervisor of this same home that outlived it. */
final class Leftovers {

    /** They lost their supervisor and soon their stores; nothing is gained by a long goodbye. */
    private static final Ending SHORT = Ending.politely(Duration.ofSeconds(5));

    private Leftovers() {}

    /**
     * Ends exactly those that the pid files name and that still run, services before infrastructure, and forgets all
     * files. Only for the holder of the supervisor's lock.
     */
    static void end(Home home, List<Component> infrastructure, Console console) {
        Map<String, Ending> endings =
                infrastructure.stream().collect(Collectors.toMap(Component::name, Component::ending));
        List<ProcessFile> alive = new ArrayList<>();
        for (ProcessFile file : ProcessFile.readAll(home.run())) {
            boolean supervisor = file.name().equals(ProcessFile.SUPERVISOR);
            if (!supervisor && file.identity().alive()) {
                alive.add(file);
            } else if (!supervisor) {
                ProcessFile.delete(home.run(), file.name());
            }
        }
        if (alive.isEmpty()) {
            return;
        }
        console.event("ending what an earlier run left behind: "
                + alive.stream().map(ProcessFile::name).sorted().collect(Collectors.joining(", ")));
        Function<ProcessFile, Ending> how = file -> endings.getOrDefault(file.name(), SHORT);
        endAll(
                home,
                alive.stream().filter(file -> !endings.containsKey(file.name())).toList(),
                how);
        endAll(
                home,
                alive.stream().filter(file -> endings.containsKey(file.name())).toList(),
                how);
    }

    private static void endAll(Home home, List<ProcessFile> files, Function<ProcessFile, Ending> how) {
        CompletableFuture.allOf(files.stream()
                        .map(file -> CompletableFuture.runAsync(
                                () -> {
                                    file.identity().end(how.apply(file));
                                    ProcessFile.delete(home.run(), file.name());
                                },
                                Parallel::start))
                        .toArray(CompletableFuture[]::new))
                .join();
    }
}
