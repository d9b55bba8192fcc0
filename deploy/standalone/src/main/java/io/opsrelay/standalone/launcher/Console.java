package io.opsrelay.standalone.launcher;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** What the supervisor says to the person who started it: one line per event, with the seconds since the start. */
final class Console {

    private final PrintStream out;
    private final long start = System.nanoTime();

    Console(PrintStream out) {
        this.out = out;
    }

    /** A line with the time in front of it. */
    synchronized void event(String text) {
        out.printf(
                Locale.ROOT,
                "[%6.1f s] %s%n",
                seconds(elapsed()),
                text.stripTrailing().replace("\n", "\n           "));
        out.flush();
    }

    /** Text as it is. */
    synchronized void say(String text) {
        out.println(text);
        out.flush();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    static String inSeconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", seconds(duration));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
