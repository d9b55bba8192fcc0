package io.opsrelay.standalone.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One process, told apart from any later one that gets the same number.
 *
 * @param pid the process number
 * @param started a token of the moment it started: on Linux boot id and start tick, which no change of the clock moves;
 *     elsewhere the start instant
 */
public record ProcessIdentity(long pid, String started) {

    private static final Path PROC = Path.of("/proc");
    private static final Duration POLL = Duration.ofMillis(25);

    /** The running process with this number; empty if there is none (a zombie is none). */
    public static Optional<ProcessIdentity> of(long pid) {
        if (Files.isDirectory(PROC.resolve("self"))) {
            return startTick(pid).map(tick -> new ProcessIdentity(pid, tick));
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(handle -> handle.info().startInstant())
                .map(instant -> new ProcessIdentity(pid, instant.toString()));
    }

    /** This JVM. */
    public static ProcessIdentity current() {
        long pid = ProcessHandle.current().pid();
        return of(pid).orElseThrow(() -> new IllegalStateException("the own process is not visible"));
    }

    /** Whether exactly this process still runs. */
    public boolean alive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /**
     * Ends the process, step by step; returns when it is gone.
     *
     * @return false if it was still there after the last step
     */
    public boolean end(Ending ending) {
        for (Ending.Step step : ending.steps()) {
            if (!alive()) {
                return true;
            }
            signal(step.signal());
            if (awaitEnd(step.patience())) {
                return true;
            }
        }
        return !alive();
    }

    /** Sends the signal if exactly this process still runs. */
    public void signal(EndSignal signal) {
        if (!alive()) {
            return;
        }
        switch (signal) {
            case TERM -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
            case KILL -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            // The JDK has no way to send these; the shell's own kill needs no package.
            case INT, QUIT -> runKill(signal);
        }
    }

    /** Waits until the process is gone; false if it is still there after the limit. */
    public boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (alive()) {
                if (System.nanoTime() - deadline >= 0) {
                    return false;
                }
                Thread.sleep(POLL);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !alive();
        }
    }

    private void runKill(EndSignal signal) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What stands behind the name in {@code /proc/PID/stat}, from the state on. */
    private static String[] statFields(long pid) throws IOException {
        String stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
        // The command name stands in parentheses and may itself hold any character; what follows is regular.
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }

    private static Optional<String> startTick(long pid) {
        try {
            String[] fields = statFields(pid);
            boolean ended = "Z".equals(fields[0]) || "X".equals(fields[0]);
            return ended ? Optional.empty() : Optional.of(BootId.VALUE + "/" + fields[19]);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Start ticks count from the machine's start, so two boots need telling apart. */
    private static final class BootId {
        static final String VALUE = read();

        private static String read() {
            try {
                return Files.readString(PROC.resolve("sys/kernel/random/boot_id"))
                        .strip();
            } catch (IOException e) {
                return "boot";
            }
        }
    }
}
