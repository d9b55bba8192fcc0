package io.opsrelay.standalone.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * How much of the processor a session gets where Linux shares it among sessions first (its autogroups): all alike,
 * however many processes a session has, unless it is told otherwise here. Elsewhere there is nothing to tell, and nothing
 * happens.
 */
public final class ProcessorShare {

    private static final Path PROC = Path.of("/proc");
    private static final Duration UNTIL_IT_IS_APART = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(5);

    private ProcessorShare() {}

    /**
     * Tells how the session of a process stands back for others. One that has just been started is waited for until it has a
     * share of its own: before that it is in ours, and Linux gives a new session its share a moment after its name.
     *
     * @param niceness from 19, hardly anything, over 0, as all, down to -20, before all; below what it is now takes the
     *     right to do so
     * @return whether it holds now
     */
    public static boolean set(ProcessIdentity process, int niceness) throws InterruptedException {
        Path file = file(process);
        if (!Files.exists(file) || !apartSoon(process)) {
            return false;
        }
        try {
            Files.writeString(file, Integer.toString(niceness), StandardOpenOption.WRITE);
            return true;
        } catch (IOException e) {
            return false; // not allowed, or it has ended
        }
    }

    private static boolean apartSoon(ProcessIdentity process) throws InterruptedException {
        long deadline = System.nanoTime() + UNTIL_IT_IS_APART.toNanos();
        while (process.alive()) {
            String group = group(process);
            if (!group.isEmpty() && !group.equals(group(ProcessIdentity.current()))) {
                return true;
            }
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(POLL);
        }
        return false;
    }

    /** What was told last; empty if sessions do not share, or it has ended. */
    public static Optional<Integer> of(ProcessIdentity process) {
        String line = line(process);
        return line.isEmpty()
                ? Optional.empty()
                : Optional.of(Integer.valueOf(line.substring(line.lastIndexOf(' ') + 1)));
    }

    /** The name of the share, as {@code /autogroup-17}; empty outside all of them. */
    private static String group(ProcessIdentity process) {
        String line = line(process);
        return line.substring(0, Math.max(0, line.indexOf(' ')));
    }

    private static String line(ProcessIdentity process) {
        try {
            return Files.readString(file(process)).strip();
        } catch (IOException e) {
            return ""; // none here, or it has ended
        }
    }

    private static Path file(ProcessIdentity process) {
        return PROC.resolve(Long.toString(process.pid())).resolve("autogroup");
    }
}
