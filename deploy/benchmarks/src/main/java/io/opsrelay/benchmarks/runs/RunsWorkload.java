package io.opsrelay.benchmarks.runs;

import io.opsrelay.benchmarks.runs.Tickets.Ended;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * How many tickets an instance brings from received to done, and whether one client's bulk import delays another's.
 *
 * @param checkout with agent-service built
 * @param flags of its JVM
 * @param tickets of the measured part
 * @param warmUp tickets before
 * @param bulk tickets of the import; 0 for no import
 * @param bulkRate tickets a second that the import comes with, as fast as Kafka takes them if 0
 * @param statements whether to tell what PostgreSQL's statements cost
 */
public record RunsWorkload(
        Path checkout,
        List<String> flags,
        int tickets,
        int warmUp,
        int bulk,
        double bulkRate,
        boolean statements,
        PrintStream out) {

    private static final String IMPORTING = "globex";
    private static final String OTHER = "acme";
    private static final Path TEXTS = Path.of("agent-service/src/test/resources/triage/held-back.tsv");
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration CLASSIFYING = Duration.ofSeconds(10);
    private static final Duration STILL = Duration.ofMinutes(1);
    private static final long BETWEEN_OTHERS_NANOS = Duration.ofMillis(500).toNanos();
    private static final int OTHERS_BEFORE = 40;

    /** Measures; answers whether every ticket was done. */
    public boolean run() throws Exception {
        try (AgentRig rig = new AgentRig(checkout, flags, statements, List.of());
                Tickets stream = new Tickets(rig.kafka(), checkout.resolve(TEXTS))) {
            classifications(rig, stream);
            boolean done = throughput(rig, stream);
            return bulk == 0 ? done : done && fairness(rig, stream);
        }
    }

    private void classifications(AgentRig rig, Tickets stream) throws Exception {
        Classifications classifications = new Classifications(rig, stream.texts());
        classifications.aSecond(CLASSIFYING);
        Map<String, Double> before = rig.cpuSeconds();
        double aSecond = classifications.aSecond(CLASSIFYING);
        double used = rig.cpuSeconds().getOrDefault("agent-service", 0.0) - before.getOrDefault("agent-service", 0.0);
        out.printf(
                Locale.ROOT,
                "classification alone, over HTTP: %.0f a second, %.2f ms of agent-service's processor time each%n",
                aSecond,
                used * 1000 / (aSecond * CLASSIFYING.toSeconds()));
    }

    private boolean throughput(AgentRig rig, Tickets stream) throws SQLException {
        write(stream, warmUp);
        drain(stream, (client, after) -> {});
        if (statements) {
            rig.statements().begin();
        }
        Map<String, Double> before = rig.cpuSeconds();
        long began = System.nanoTime();
        write(stream, tickets);
        boolean done = drain(stream, (client, after) -> {});
        double seconds = (System.nanoTime() - began) / 1e9;
        Map<String, Double> after = rig.cpuSeconds();
        out.printf(
                Locale.ROOT,
                "%d tickets of two clients, all at once: %.0f a second from received to done%n",
                tickets,
                tickets / seconds);
        out.println("processor time a ticket: "
                + after.entrySet().stream()
                        .map(used -> String.format(
                                Locale.ROOT,
                                "%s %.2f ms",
                                used.getKey(),
                                (used.getValue() - before.getOrDefault(used.getKey(), 0.0)) * 1000 / tickets))
                        .collect(Collectors.joining(", ")));
        if (statements) {
            rig.statements().tell(tickets, out);
        }
        return done;
    }

    private static void write(Tickets stream, int count) {
        for (int i = 0; i < count; i++) {
            stream.write(i % 2 == 0 ? IMPORTING : OTHER);
        }
    }

    /** Looks until all are done, or nothing moves any more. */
    private boolean drain(Tickets stream, Ended ended) {
        int before = stream.open();
        long moved = System.nanoTime();
        while (stream.open() > 0 && System.nanoTime() - moved < STILL.toNanos()) {
            stream.look(LOOK, ended);
            if (stream.open() != before) {
                before = stream.open();
                moved = System.nanoTime();
            }
        }
        if (stream.open() > 0) {
            out.println(stream.open() + " tickets were not done");
        }
        return stream.open() == 0;
    }

    private boolean fairness(AgentRig rig, Tickets stream) throws SQLException {
        Histogram alone = new Histogram(3);
        others(stream, OTHERS_BEFORE, alone);
        tell("another client's tickets, nothing else", alone);

        if (statements) {
            rig.statements().begin();
        }
        Histogram beside = new Histogram(3);
        long began = System.nanoTime();
        long next = began;
        int imported = 0;
        while (imported < bulk || stream.open() > 0) {
            long now = System.nanoTime();
            int due = bulkRate == 0 ? bulk : (int) Math.min(bulk, (now - began) / 1e9 * bulkRate);
            for (int most = 500; imported < due && most > 0; most--) {
                stream.writeOfMany(IMPORTING);
                imported++;
            }
            if (now - next >= 0 && (imported < bulk || stream.open() > 20)) {
                stream.write(OTHER);
                next += BETWEEN_OTHERS_NANOS;
            }
            stream.look(Duration.ofMillis(5), record(beside));
            if (now - began > Duration.ofHours(1).toNanos()) {
                break;
            }
        }
        boolean done = drain(stream, record(beside));
        double seconds = (System.nanoTime() - began) / 1e9;
        out.printf(Locale.ROOT, "import of %d tickets: %.0f s, %.0f a second%n", bulk, seconds, bulk / seconds);
        tell("another client's tickets meanwhile", beside);
        if (statements) {
            rig.statements().tell(bulk, out);
        }
        return done;
    }

    private void others(Tickets stream, int count, Histogram seen) {
        for (int i = 0; i < count; i++) {
            stream.write(OTHER);
            long end = System.nanoTime() + BETWEEN_OTHERS_NANOS;
            while (System.nanoTime() - end < 0) {
                stream.look(LOOK, record(seen));
            }
        }
        drain(stream, record(seen));
    }

    private static Ended record(Histogram others) {
        return (client, after) -> {
            if (client.equals(OTHER)) {
                others.recordValue(after.toMillis());
            }
        };
    }

    private void tell(String what, Histogram seen) {
        out.printf(
                Locale.ROOT,
                "%s: %d, p50 %d ms, p99 %d ms, max %d ms%n",
                what,
                seen.getTotalCount(),
                seen.getValueAtPercentile(50),
                seen.getValueAtPercentile(99),
                seen.getMaxValue());
    }
}
