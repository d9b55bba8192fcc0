package io.opsrelay.benchmarks;

import io.opsrelay.benchmarks.fanout.Fanout;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures the gateway's fan-out. */
final class FanoutBench implements Bench {

    private static final List<String> WORKLOADS = List.of("w1", "w1max", "w2", "reconnect", "deaf", "w3");

    private final PrintStream out;

    FanoutBench(PrintStream out) {
        this.out = out;
    }

    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public String summary() {
        return "WebSocket fan-out through a Kafka and a gateway of its own: cost per delivery, latency, losses.";
    }

    @Override
    public String usage() {
        return """
            --workload w1,w1max,w2,reconnect,deaf,w3   which of them
            --connections 1000          of all but w3, which has ten times as many less 100
            --seconds 20                measured, of w1, w2, and each turn of deaf
            --warm-up 15                seconds at the same rate before
            --first 100                 messages a second that w1max begins with
            --read-at-once 10           of 100 connections of w1 and deaf; the others are read each 100 ms, and only
                                        counted. 100: all, which takes about as much of the processor as sending
            --gateway-flags ""          JVM flags of the gateway beside -XX:+UseSerialGC -Xmx512m -Xmn16m, by blanks\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow("workload", "connections", "seconds", "warm-up", "first", "read-at-once", "gateway-flags");
        double atOnce = options.positive("read-at-once", 10);
        if (atOnce > 100) {
            throw new UsageException("--read-at-once takes a share of 100 connections, up to 100");
        }
        List<String> workloads = Arrays.asList(
                options.text("workload", String.join(",", WORKLOADS)).split(",", -1));
        if (!WORKLOADS.containsAll(workloads)) {
            throw new UsageException("--workload takes " + String.join(", ", WORKLOADS));
        }
        List<String> flags = new ArrayList<>(List.of(
                "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:MetaspaceSize=128m", "-Xmx512m", "-Xmn16m"));
        options.text("gateway-flags", "").lines().forEach(line -> {
            for (String flag : line.split(" ", -1)) {
                if (!flag.isBlank()) {
                    flags.add(flag);
                }
            }
        });
        boolean sound = new Fanout(
                        Path.of(System.getProperty("opsrelay.checkout", ".")),
                        flags,
                        (int) options.positive("connections", 1000),
                        options.positive("first", 100),
                        atOnce / 100,
                        options.seconds("warm-up", Duration.ofSeconds(15)),
                        options.seconds("seconds", Duration.ofSeconds(20)),
                        out)
                .run(workloads);
        Machine machine = Machine.describe(Clock.systemUTC());
        out.printf(
                "%n%d cores (%s), %d MiB, %s, JDK %s, gateway with %s, %s%n",
                machine.cores(),
                machine.processor(),
                machine.memoryMib(),
                machine.system(),
                machine.jdk(),
                String.join(" ", flags),
                machine.date());
        return sound ? 0 : 1;
    }
}
