package io.opsrelay.benchmarks;

import io.opsrelay.benchmarks.runs.InFlightWorkload;
import io.opsrelay.benchmarks.runs.RunsWorkload;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The agent's own path: how many tickets a second with the local engine, and how fairly; or how many runs at once wait for
 * a slow model.
 */
final class RunsBench implements Bench {

    private final PrintStream out;

    RunsBench(PrintStream out) {
        this.out = out;
    }

    @Override
    public String name() {
        return "runs";
    }

    @Override
    public String summary() {
        return "Tickets a second through one agent-service with stores of its own, a bulk import beside another client, or runs"
                + " in flight that wait for a slow model.";
    }

    @Override
    public String usage() {
        return """
            --tickets 3000       measured, all written at once
            --warm-up 2000       tickets before
            --bulk 0             tickets of one client's import while another client writes two a second; 0 for none
            --bulk-rate 0        tickets a second of the import; 0 for all at once
            --statements         tells what PostgreSQL's statements cost, too
            --in-flight 0        instead of all that: holds so many runs in flight with a model that is played, e.g. 1000
            --model-seconds 2    how long its answers take, half more or less of that
            --settle 20          seconds before anything of that is counted
            --seconds 60         that are counted
            --agent-flags ""     JVM flags of the service beside -XX:+UseSerialGC -Xmx512m, divided by blanks\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow(
                "tickets",
                "warm-up",
                "bulk",
                "bulk-rate",
                "statements",
                "in-flight",
                "model-seconds",
                "settle",
                "seconds",
                "agent-flags");
        List<String> flags = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m"));
        Arrays.stream(options.text("agent-flags", "").split(" ", -1))
                .filter(flag -> !flag.isBlank())
                .forEach(flags::add);
        boolean done = options.atLeastZero("in-flight") == 0 ? throughput(options, flags) : inFlight(options, flags);
        Machine machine = Machine.describe(Clock.systemUTC());
        out.printf(
                "%n%d cores (%s), JDK %s, agent-service with %s, %s%n",
                machine.cores(), machine.processor(), machine.jdk(), String.join(" ", flags), machine.date());
        return done ? 0 : 1;
    }

    private boolean throughput(Options options, List<String> flags) throws Exception {
        return new RunsWorkload(
                        checkout(),
                        flags,
                        (int) options.positive("tickets", 3000),
                        (int) options.positive("warm-up", 2000),
                        (int) options.atLeastZero("bulk"),
                        options.atLeastZero("bulk-rate"),
                        options.isSet("statements"),
                        out)
                .run();
    }

    private boolean inFlight(Options options, List<String> flags) throws Exception {
        return new InFlightWorkload(
                        checkout(),
                        flags,
                        (int) options.positive("in-flight", 1000),
                        options.seconds("model-seconds", Duration.ofSeconds(2)),
                        options.seconds("settle", Duration.ofSeconds(20)),
                        options.seconds("seconds", Duration.ofMinutes(1)),
                        out)
                .run();
    }

    private static Path checkout() {
        return Path.of(System.getProperty("opsrelay.checkout", "."));
    }
}
