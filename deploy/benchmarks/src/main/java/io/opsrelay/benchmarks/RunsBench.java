package io.opsrelay.benchmarks;

import io.opsrelay.benchmarks.runs.RunsWorkload;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The agent's own path, with the local engine: how many tickets a second, and how fairly. */
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
        return "Tickets a second through one agent-service with stores of its own, and a bulk import beside another client.";
    }

    @Override
    public String usage() {
        return """
            --tickets 3000       measured, all written at once
            --warm-up 2000       tickets before
            --bulk 0             tickets of one client's import while another client writes two a second; 0 for none
            --bulk-rate 0        tickets a second of the import; 0 for all at once
            --statements         tells what PostgreSQL's statements cost, too
            --agent-flags ""     JVM flags of the service beside -XX:+UseSerialGC -Xmx512m, divided by blanks\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow("tickets", "warm-up", "bulk", "bulk-rate", "statements", "agent-flags");
        List<String> flags = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx512m"));
        Arrays.stream(options.text("agent-flags", "").split(" ", -1))
                .filter(flag -> !flag.isBlank())
                .forEach(flags::add);
        boolean done = new RunsWorkload(
                        Path.of(System.getProperty("opsrelay.checkout", ".")),
                        flags,
                        (int) options.positive("tickets", 3000),
                        (int) options.positive("warm-up", 2000),
                        (int) options.atLeastZero("bulk"),
                        options.atLeastZero("bulk-rate"),
                        options.isSet("statements"),
                        out)
                .run();
        Machine machine = Machine.describe(Clock.systemUTC());
        out.printf(
                "%n%d cores (%s), JDK %s, agent-service with %s, %s%n",
                machine.cores(), machine.processor(), machine.jdk(), String.join(" ", flags), machine.date());
        return done ? 0 : 1;
    }
}
