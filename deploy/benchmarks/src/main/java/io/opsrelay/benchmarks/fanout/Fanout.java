package io.opsrelay.benchmarks.fanout;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The workloads of the gateway's fan-out, on one Kafka and one gateway.
 *
 * @param checkout with the gateway built
 * @param flags of the gateway's JVM
 * @param connections of all workloads but w3
 * @param first messages a second that the search for the highest rate begins with
 * @param atOnce the share of the connections of w1 and deaf that is read at once: the reading of a message by each of a
 *     thousand connections, which elsewhere are a thousand machines' work, takes a core here that the gateway lacks
 */
public record Fanout(
        Path checkout,
        List<String> flags,
        int connections,
        double first,
        double atOnce,
        Duration warmUp,
        Duration lasting,
        PrintStream out) {

    private static final int CLIENTS = 100;
    private static final int MISSED = 10_000;
    private static final Duration LATENCY_LIMIT = Duration.ofMillis(100);

    /** Runs those named; answers whether nothing was lost or repeated. */
    public boolean run(List<String> workloads) throws Exception {
        out.printf(
                Locale.ROOT,
                "%nOne write of 310 octets to one of %d loopback connections takes %.2f us here%n",
                connections,
                LoopbackWrite.micros(connections));
        try (Rig rig = new Rig(checkout, flags)) {
            Workload workload = new Workload(rig, warmUp, lasting, out);
            for (String name : workloads) {
                switch (name) {
                    case "w1" -> workload.steady("W1", connections, 1, 100, atOnce);
                    case "w1max" -> workload.highest("W1max", connections, first, LATENCY_LIMIT);
                    case "w2" -> workload.steady("W2", connections, CLIENTS, 1000, 1);
                    case "reconnect" -> workload.reconnect("Reconnect", connections, MISSED);
                    case "deaf" -> workload.deaf("Deaf", connections, Math.max(1, connections / 100), 100, atOnce, 3);
                    case "w3" -> workload.idle("W3", 10 * connections - 100);
                    default -> throw new IllegalArgumentException(name);
                }
            }
            return workload.isSound();
        }
    }
}
