package io.opsrelay.benchmarks.faults;

import java.time.Duration;
import java.util.Locale;

/**
 * Something that is done to a process.
 *
 * @param target the process's name in the folder of process files
 * @param lasts how long it is stopped, or away
 */
record Fault(Kind kind, String target, Duration lasts) {

    enum Kind {
        /** SIGKILL. */
        KILL,
        /** SIGSTOP and, after a while, SIGCONT. */
        STOP,
        /** SIGKILL, and again whenever it is back, for a while: who asks it is refused at once. */
        AWAY,
        /** Redis forgets everything. */
        FLUSH
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + target
                + (lasts.isZero() ? "" : " " + lasts.toSeconds() + " s");
    }
}
