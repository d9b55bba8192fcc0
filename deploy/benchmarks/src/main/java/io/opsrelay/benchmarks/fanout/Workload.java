package io.opsrelay.benchmarks.fanout;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Runs the workloads on a rig, and tells what they cost. */
final class Workload {

    private static final Duration OPENING = Duration.ofMinutes(3);
    private static final int PER_USER = 100;

    private final Rig rig;
    private final Duration warmUp;
    private final Duration lasting;
    private final PrintStream out;
    private boolean sound = true;

    Workload(Rig rig, Duration warmUp, Duration lasting, PrintStream out) {
        this.rig = rig;
        this.warmUp = warmUp;
        this.lasting = lasting;
        this.out = out;
    }

    /** Whether nothing was lost or repeated so far. */
    boolean isSound() {
        return sound;
    }

    /** So many messages a second to all connections of their client. */
    void steady(String name, int connections, int clients, double perSecond) throws Exception {
        List<String> names = clients(name, clients);
        try (Subscribers subscribers = subscribers(connections, names);
                Publisher publisher = new Publisher(rig.kafka(), names)) {
            subscribers.open(OPENING);
            int each = connections / clients;
            step(subscribers, publisher, each, perSecond, warmUp); // not counted
            Step step = step(subscribers, publisher, each, perSecond, lasting);
            out.printf("%n%s: %d connections, %d client(s), %.0f messages/s%n", name, connections, clients, perSecond);
            tell(step);
            sound &= step.isSound();
        }
    }

    /** Raises the rate by a quarter as long as the 99th percentile stays below the limit. */
    void highest(String name, int connections, double first, Duration limit) throws Exception {
        List<String> names = clients(name, 1);
        try (Subscribers subscribers = subscribers(connections, names);
                Publisher publisher = new Publisher(rig.kafka(), names)) {
            subscribers.open(OPENING);
            step(subscribers, publisher, connections, first, warmUp);
            out.printf(
                    "%n%s: %d connections, 1 client, as many messages as p99 < %d ms allows%n",
                    name, connections, limit.toMillis());
            Step best = null;
            for (double rate = first; ; rate *= 1.25) {
                Step step = step(subscribers, publisher, connections, rate, Duration.ofSeconds(5));
                out.printf(
                        Locale.ROOT,
                        "  %.0f messages/s: %.0f deliveries/s, p99 %.1f ms%n",
                        rate,
                        step.perSecond(),
                        step.p99());
                sound &= step.isSound();
                if (step.p99() >= limit.toMillis() || !step.isSound()) {
                    break;
                }
                best = step;
            }
            if (best != null) {
                tell(best);
            }
        }
    }

    /** Connections that have authenticated and get nothing. */
    void idle(String name, int connections) throws Exception {
        List<String> names = clients(name, 1);
        long before = Cpu.residentKib(rig.pid());
        try (Subscribers subscribers = new Subscribers(rig.port(), connections, tokens(names), false)) {
            double seconds = subscribers.open(OPENING);
            Thread.sleep(3000);
            long after = Cpu.residentKib(rig.pid());
            out.printf("%n%s: %d idle connections%n", name, connections);
            out.printf(
                    Locale.ROOT,
                    "  %.1f KiB of resident memory each; %.0f authenticated connects/s%n",
                    (after - before) / (double) connections,
                    connections / seconds);
        }
    }

    private Step step(Subscribers subscribers, Publisher publisher, int each, double perSecond, Duration duration)
            throws Exception {
        subscribers.startRecording();
        Cpu before = Cpu.of(rig.pid());
        long began = System.nanoTime();
        long published = publisher.run(perSecond, duration);
        subscribers.awaitReceived(published * each);
        double seconds = (System.nanoTime() - began) / 1e9;
        Cpu used = Cpu.of(rig.pid()).minus(before);
        return new Step(
                published * each,
                subscribers.received(),
                subscribers.lost(),
                subscribers.repeated(),
                Math.min(seconds, Math.max(duration.toMillis() / 1000.0, seconds - 2)),
                used,
                subscribers.latencies().copy());
    }

    private void tell(Step step) {
        out.printf(
                Locale.ROOT,
                "  %,d deliveries (%.0f/s), %d missing, %d lost, %d repeated%n",
                step.received,
                step.perSecond(),
                step.expected - step.received,
                step.lost,
                step.repeated);
        out.printf(
                Locale.ROOT,
                "  latency p50 %.2f, p99 %.2f, max %.2f ms%n",
                step.latencies.getValueAtPercentile(50) / 1000.0,
                step.p99(),
                step.latencies.getMaxValue() / 1000.0);
        out.printf(
                Locale.ROOT,
                "  processor time per delivery: %.2f us = sending %.2f + reading Kafka %.2f + rest %.2f%n",
                step.micros(step.cpu.total()),
                step.micros(step.cpu.sending()),
                step.micros(step.cpu.reading()),
                step.micros(step.cpu.rest()));
    }

    private Subscribers subscribers(int connections, List<String> names) throws IOException {
        return new Subscribers(rig.port(), connections, tokens(names), true);
    }

    /** A user has many connections: a token's signature is checked once a minute. */
    private IntFunction<String> tokens(List<String> names) {
        Map<String, String> known = new HashMap<>();
        return number -> {
            String client = names.get(number % names.size());
            String user = "user-" + number / names.size() / PER_USER + "@" + client;
            return known.computeIfAbsent(user, name -> rig.tokens().of(client, name));
        };
    }

    private static List<String> clients(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> name.toLowerCase(Locale.ROOT) + "-" + number)
                .toList();
    }

    private record Step(
            long expected, long received, long lost, long repeated, double seconds, Cpu cpu, Histogram latencies) {

        boolean isSound() {
            return lost == 0 && repeated == 0 && received == expected;
        }

        double p99() {
            return latencies.getValueAtPercentile(99) / 1000.0;
        }

        double perSecond() {
            return received / seconds;
        }

        double micros(double cpuSeconds) {
            return received == 0 ? 0 : cpuSeconds * 1e6 / received;
        }
    }
}
