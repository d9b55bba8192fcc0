package io.opsrelay.benchmarks.faults;

import java.time.Duration;
import java.util.Locale;

/**
 * Something that is done to a process.
 *
 * @param target the process's name in the folder of process files
 * @param lasts how long it is stopped
 */
record Fault(Kind kind, String target, Duration lasts) {

    enum Kind {
        /** SIGKILL. */
        KILL,
        /** SIGSTOP and, after a while, SIGCONT. */
        STOP,
        /** Redis forgets everything. */
        FLUSH
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + target
                + (lasts.isZero() ? "" : " " + lasts.toSeconds() + " s");
    }
}
