package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.ProcessIdentity;
import java.time.Duration;
import java.util.Optional;

/** The command {@code down}: ends the supervisor, and with it everything; or what a dead supervisor left. */
final class Down {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private Down() {}

    static int run(Settings settings, Console console) {
        Home home = settings.home();
        if (!home.run().toFile().isDirectory()) {
            console.say("OpsRelay does not run.");
            return 0;
        }
        Optional<SupervisorLock> lock = SupervisorLock.take(home);
        if (lock.isPresent()) {
            try (SupervisorLock held = lock.get()) {
                boolean anything = ProcessFile.readAll(home.run()).stream()
                        .anyMatch(file -> file.identity().alive());
                Leftovers.end(home, new Infrastructure(settings).components(), console);
                ProcessFile.delete(home.run(), ProcessFile.SUPERVISOR);
                console.say(anything ? "Stopped." : "OpsRelay does not run.");
                return 0;
            }
        }
        Optional<ProcessIdentity> supervisor =
                ProcessFile.read(home.run(), ProcessFile.SUPERVISOR).map(ProcessFile::identity);
        if (supervisor.isEmpty()) {
            console.say("Another command holds " + home.run() + " at this moment; try again.");
            return 1;
        }
        console.say("Stopping; services first, then Redis, Kafka, PostgreSQL ...");
        supervisor.get().signal(EndSignal.TERM);
        if (!supervisor.get().awaitEnd(LIMIT)) {
            console.say("Process " + supervisor.get().pid() + " has not ended within " + LIMIT.toSeconds()
                    + " s. See ./opsrelay status, or kill it and run ./opsrelay down again.");
            return 1;
        }
        console.say("Stopped after " + Console.inSeconds(console.elapsed()) + ". The data stays in " + home.root());
        return 0;
    }
}
