package io.opsrelay.benchmarks;

import io.opsrelay.benchmarks.intake.IntakeWorkload;
import java.io.PrintStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/** Tickets through every door of a running system. */
final class IntakeBench implements Bench {

    private final PrintStream out;

    IntakeBench(PrintStream out) {
        this.out = out;
    }

    @Override
    public String name() {
        return "intake";
    }

    @Override
    public String summary() {
        return "Tickets through every door, into PostgreSQL and out to Kafka, against a running system.";
    }

    @Override
    public String usage() {
        return """
            --warm-up 3000       single tickets before anything is measured
            --rate 1000          single tickets a second whose latency is measured
            --seconds 15         how long singles are sent, at the rate and without one
            --connections 32     singles under way at once where there is no rate
            --bulk 50000         lines, in --requests (2) requests side by side
            --upstream 50000     records of the upstream topic, of --source (demo); 0 leaves it out
            --drain 60           seconds in which the agent may finish at the end
            --url http://127.0.0.1:8080
            --kafka 127.0.0.1:19092
            --password demo      of the demo's people\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow(
                "warm-up",
                "rate",
                "seconds",
                "connections",
                "bulk",
                "requests",
                "upstream",
                "source",
                "drain",
                "url",
                "kafka",
                "password");
        boolean sound = new IntakeWorkload(
                        URI.create(options.text("url", "http://127.0.0.1:8080").replaceAll("/+$", "")),
                        options.text("kafka", "127.0.0.1:19092"),
                        options.text("password", "demo"),
                        new IntakeWorkload.Sizes(
                                (int) options.positive("warm-up", 3000),
                                options.positive("rate", 1000),
                                options.seconds("seconds", Duration.ofSeconds(15)),
                                (int) options.positive("connections", 32),
                                (int) options.positive("bulk", 50_000),
                                (int) options.positive("requests", 2),
                                options.isGiven("upstream") ? (int) options.atLeastZero("upstream") : 50_000,
                                options.text("source", "demo"),
                                options.seconds("drain", Duration.ofSeconds(60))),
                        out)
                .run();
        Machine machine = Machine.describe(Clock.systemUTC());
        out.printf(
                "%n%d cores (%s), JDK %s, %s%n", machine.cores(), machine.processor(), machine.jdk(), machine.date());
        return sound ? 0 : 1;
    }
}
