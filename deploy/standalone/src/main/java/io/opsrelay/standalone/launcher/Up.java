package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.ProcessIdentity;
import io.opsrelay.standalone.process.StartFailure;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command {@code up}: becomes the supervisor, or starts one in the background. */
final class Up {

    private final Settings settings;
    private final Console console;
    private final boolean fresh;
    private final boolean storesOnly;

    /**
     * The command, not begun.
     *
     * @param fresh whether to begin with empty stores
     * @param storesOnly whether to leave it at Kafka, PostgreSQL and Redis, e.g. to restore a backup into them
     */
    Up(Settings settings, Console console, boolean fresh, boolean storesOnly) {
        this.settings = settings;
        this.console = console;
        this.fresh = fresh;
        this.storesOnly = storesOnly;
    }

    /** Runs until everything was ended again; answers the exit code. */
    int foreground() {
        settings.home().create();
        Optional<SupervisorLock> lock = SupervisorLock.take(settings.home());
        if (lock.isEmpty()) {
            return alreadyRunning();
        }
        try (SupervisorLock held = lock.get()) {
            if (fresh) {
                // With the lock held nothing but leftovers can run, and they must not write while files go.
                Leftovers.end(settings.home(), new Infrastructure(settings).components(), console);
                settings.home().wipe();
                settings.home().create();
                console.event("emptied " + settings.home().root());
                if (settings.kafka().isPresent()
                        || settings.postgres().isPresent()
                        || settings.redis().isPresent()) {
                    console.event("stores of your own (OPSRELAY_KAFKA, _POSTGRES, _REDIS) were left as they are");
                }
            }
            new Supervisor(settings, console, storesOnly).run();
        }
        return 0;
    }

    /** Starts a supervisor that outlives this process and the terminal; returns when it is ready or has failed. */
    int background() {
        settings.home().create();
        Optional<SupervisorLock> lock = SupervisorLock.take(settings.home());
        if (lock.isEmpty()) {
            return alreadyRunning();
        }
        lock.get().close();
        Path log = settings.home().log("launcher");
        try {
            // A file from before would be taken for this start's.
            Files.deleteIfExists(Supervisor.readyFile(settings.home()));
            long from = Files.exists(log) && !fresh ? Files.size(log) : 0;
            if (fresh) {
                Files.deleteIfExists(log);
            }
            ProcessBuilder supervisor = new ProcessBuilder(command())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            // Not on the command line: by that, processes are told apart, and jars are called after other processes.
            supervisor.environment().put("CLASSPATH", System.getProperty("java.class.path"));
            return follow(supervisor.start(), log, from);
        } catch (IOException e) {
            throw new StartFailure("cannot start in the background: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private int follow(Process supervisor, Path log, long from) throws IOException, InterruptedException {
        long shown = from;
        while (true) {
            boolean alive = supervisor.isAlive();
            boolean ready = Files.exists(Supervisor.readyFile(settings.home()));
            byte[] all = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
            shown = Math.min(shown, all.length);
            System.out.write(all, (int) shown, (int) (all.length - shown));
            System.out.flush();
            shown = all.length;
            if (ready) {
                return 0;
            }
            if (!alive) {
                return supervisor.exitValue() == 0 ? 1 : supervisor.exitValue();
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        ChildProcess.sessionLeader().ifPresent(command::add);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(Main.class.getName(), "up"));
        if (fresh) {
            command.add("--fresh");
        }
        if (storesOnly) {
            command.add("--stores");
        }
        return command;
    }

    private int alreadyRunning() {
        Optional<ProcessFile> supervisor = ProcessFile.read(settings.home().run(), ProcessFile.SUPERVISOR);
        String who = supervisor
                .map(ProcessFile::identity)
                .filter(ProcessIdentity::alive)
                .map(identity -> " (process " + identity.pid() + ")")
                .orElse("");
        console.say("OpsRelay runs already" + who + ". Dashboard: " + settings.dashboard());
        if (fresh) {
            console.say("It was left as it is; for empty stores first run: ./opsrelay down");
            return 1;
        }
        return 0;
    }
}
