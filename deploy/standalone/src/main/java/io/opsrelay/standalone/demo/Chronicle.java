package io.opsrelay.standalone.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** What the demo tells whoever watches: one line for each thing that happens. */
final class Chronicle {

    private static final int LONGEST = 150;

    private final PrintStream out;
    private final long start = System.nanoTime();

    Chronicle(PrintStream out) {
        this.out = out;
    }

    /** @param what a word for the kind of event */
    synchronized void event(String client, String what, String text) {
        say(String.format(Locale.ROOT, "%s %-6s  %-20s  %s", time(), client, what, oneLine(text)));
    }

    /** A line across all clients. */
    synchronized void note(String text) {
        say(time() + " -- " + text);
    }

    /** Text as it is. */
    synchronized void say(String text) {
        out.println(text);
        out.flush();
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private String time() {
        return String.format(Locale.ROOT, "[%6.1f s]", elapsed().toMillis() / 1000.0);
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }
}
