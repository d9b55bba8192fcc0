package io.opsrelay.benchmarks;

import io.opsrelay.benchmarks.actions.ActionsWorkload;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Approvals and actions by themselves: lists, the way of a decision, and throughput. */
final class ActionsBench implements Bench {

    private final PrintStream out;

    ActionsBench(PrintStream out) {
        this.out = out;
    }

    @Override
    public String name() {
        return "actions";
    }

    @Override
    public String summary() {
        return "Pending approvals listed, decisions on their way to the provider, and actions a second, with stores of their own.";
    }

    @Override
    public String usage() {
        return """
            --warm-up 1000       actions before anything is measured
            --pending 1000       approvals that wait while the list is read
            --lists 200          how often each page size is read, after as many reads to warm up
            --decisions 300      whose way to the provider is measured
            --rate 10            decisions a second
            --actions 3000       proposed at once, for the throughput
            --type refund        of these; refunds are decided one by one over HTTP, by eight people at once
            --flags ""           JVM flags of both services beside the launcher's, divided by blanks\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow("warm-up", "pending", "lists", "decisions", "rate", "actions", "type", "flags");
        List<String> flags = new ArrayList<>(
                List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        Arrays.stream(options.text("flags", "").split(" ", -1))
                .filter(flag -> !flag.isBlank())
                .forEach(flags::add);
        boolean done = new ActionsWorkload(
                        Path.of(System.getProperty("opsrelay.checkout", ".")),
                        flags,
                        new ActionsWorkload.Sizes(
                                (int) options.positive("warm-up", 1000),
                                (int) options.positive("pending", 1000),
                                (int) options.positive("lists", 200),
                                (int) options.positive("decisions", 300),
                                options.positive("rate", 10),
                                (int) options.positive("actions", 3000),
                                options.text("type", "refund")),
                        out)
                .run();
        Machine machine = Machine.describe(Clock.systemUTC());
        out.printf(
                "%n%d cores (%s), JDK %s, services with %s, %s%n",
                machine.cores(), machine.processor(), machine.jdk(), String.join(" ", flags), machine.date());
        return done ? 0 : 1;
    }
}
