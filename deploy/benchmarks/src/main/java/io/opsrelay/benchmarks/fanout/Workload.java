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
    private static final int WARMING = 500;
    private static final int WARMING_ROUNDS = 20;

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

    /**
     * So many messages a second to all connections of their client.
     *
     * @param atOnce the share of the connections that is read at once
     */
    void steady(String name, int connections, int clients, double perSecond, double atOnce) throws Exception {
        List<String> names = clients(name, clients);
        try (Subscribers subscribers = Subscribers.partlyDeaf(rig.port(), connections, 0, atOnce, tokens(names));
                Publisher publisher = new Publisher(rig.kafka(), names)) {
            subscribers.open(OPENING);
            int each = connections / clients;
            step(subscribers, publisher, each, perSecond, warmUp); // not counted
            Step step = step(subscribers, publisher, each, perSecond, lasting);
            out.printf(
                    Locale.ROOT,
                    "%n%s: %d connections (%.0f %% read at once), %d client(s), %.0f messages/s%n",
                    name,
                    connections,
                    100 * atOnce,
                    clients,
                    perSecond);
            tell(step);
            sound &= step.isSound();
        }
    }

    /** Raises the rate by a quarter until the 99th percentile was above the limit twice in a row. */
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
            int misses = 0;
            for (double rate = first; misses < 2; rate *= 1.25) {
                Step step = step(subscribers, publisher, connections, rate, Duration.ofSeconds(5));
                out.printf(
                        Locale.ROOT,
                        "  %.0f messages/s: %.0f deliveries/s, p99 %.1f ms%n",
                        rate,
                        step.perSecond(),
                        step.p99());
                sound &= step.isSound();
                boolean good = step.isSound() && step.p99() < limit.toMillis();
                misses = good ? 0 : misses + 1;
                best = good ? step : best;
            }
            if (best != null) {
                tell(best);
            }
        }
    }

    /** What others notice when all connections of one client come back at once and have missed so many messages. */
    void reconnect(String name, int connections, int missed) throws Exception {
        List<String> away = clients(name + "-away", 1);
        List<String> others = clients(name + "-others", 10);
        String position;
        try (Subscribers one = Subscribers.live(rig.port(), 1, tokens(away))) {
            one.open(OPENING);
            position = one.position();
        }
        try (Subscribers present = subscribers(100, others);
                Publisher toOthers = new Publisher(rig.kafka(), others);
                Publisher toAway = new Publisher(rig.kafka(), away)) {
            present.open(OPENING);
            toAway.run(2000, Duration.ofMillis(missed / 2));
            step(present, toOthers, 10, 100, warmUp);
            Step quiet = step(present, toOthers, 10, 100, lasting);
            try (Subscribers back = Subscribers.resuming(rig.port(), connections, tokens(away), position)) {
                long expected = (long) missed * connections;
                present.startRecording();
                long began = System.nanoTime();
                Thread opening = Thread.ofPlatform().start(() -> openAndAwait(back, expected));
                long published = 0;
                while (opening.isAlive()) {
                    published += toOthers.run(100, Duration.ofSeconds(1));
                }
                present.awaitReceived(published * 10);
                boolean complete = back.received() == expected
                        && back.repeated() == 0
                        && back.lost() == 0
                        && present.received() == published * 10
                        && present.lost() == 0
                        && present.repeated() == 0;
                sound &= complete;
                out.printf(
                        "%n%s: %d connections of one client come back with %,d missed messages each%n",
                        name, connections, missed);
                out.printf(
                        Locale.ROOT,
                        "  %,d of %,d frames made up for in %.1f s, %d lost, %d repeated%n",
                        back.received(),
                        expected,
                        (System.nanoTime() - began) / 1e9,
                        back.lost(),
                        back.repeated());
                out.printf(
                        Locale.ROOT,
                        "  100 connections of 10 other clients: p99 %.1f ms meanwhile (max %.1f), %.1f ms before%n",
                        present.latencies().getValueAtPercentile(99) / 1000.0,
                        present.latencies().getMaxValue() / 1000.0,
                        quiet.p99());
            }
        }
    }

    private static void openAndAwait(Subscribers back, long expected) {
        try {
            back.open(OPENING);
            back.awaitReceived(expected);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What others notice of connections that never read, in turns with and without them.
     *
     * @param atOnce the share of the others that is read at once
     */
    void deaf(String name, int connections, int deaf, double perSecond, double atOnce, int turns) throws Exception {
        out.printf(
                "%n%s: %d connections, %.0f messages/s, in turns with %d more that never read%n",
                name, connections, perSecond, deaf);
        List<String> names = clients(name, 1);
        try (Publisher publisher = new Publisher(rig.kafka(), names)) {
            for (int turn = 0; turn < 2 * turns; turn++) {
                int some = turn % 2 == 0 ? 0 : deaf;
                try (Subscribers subscribers =
                        Subscribers.partlyDeaf(rig.port(), connections + some, some, atOnce, tokens(names))) {
                    subscribers.open(OPENING);
                    step(subscribers, publisher, connections, perSecond, warmUp); // until their buffers are full
                    Step step = step(subscribers, publisher, connections, perSecond, lasting);
                    sound &= step.isSound();
                    out.printf(
                            Locale.ROOT,
                            "  %d that never read: p99 %.2f, max %.2f ms, %d lost, %d repeated, %d MiB resident%n",
                            some,
                            step.p99(),
                            step.latencies.getMaxValue() / 1000.0,
                            step.lost,
                            step.repeated,
                            Cpu.residentKib(rig.pid()) / 1024);
                }
            }
        }
    }

    /** Connections that have authenticated and get nothing. */
    void idle(String name, int connections) throws Exception {
        List<String> names = clients(name, 1);
        // Not counted: a gateway that has just been started still loads classes. Few at a time, for what they take in
        // memory is taken again by those that are counted.
        for (int round = 0; round < WARMING_ROUNDS; round++) {
            try (Subscribers warming = Subscribers.idle(rig.port(), WARMING, tokens(names))) {
                warming.open(OPENING);
            }
        }
        Thread.sleep(3000); // until all of them are gone
        long before = Cpu.residentKib(rig.pid());
        Cpu cpu = Cpu.of(rig.pid());
        try (Subscribers subscribers = Subscribers.idle(rig.port(), connections, tokens(names))) {
            double seconds = subscribers.open(OPENING);
            Cpu used = Cpu.of(rig.pid()).minus(cpu);
            Thread.sleep(3000);
            long after = Cpu.residentKib(rig.pid());
            out.printf("%n%s: %d idle connections%n", name, connections);
            out.printf(
                    Locale.ROOT,
                    "  %.1f KiB of resident memory each; %.0f authenticated connects/s, %.0f us of the gateway's for each%n",
                    (after - before) / (double) connections,
                    connections / seconds,
                    used.total() * 1e6 / connections);
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
        return Subscribers.live(rig.port(), connections, tokens(names));
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
