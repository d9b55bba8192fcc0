package io.opsrelay.benchmarks;

import io.opsrelay.benchmarks.faults.Verdict;
import io.opsrelay.benchmarks.gateways.GatewayRun;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** Kills, stops and drains gateways under load, and checks what their clients were sent. */
final class GatewaysBench implements Bench {

    private static final int MOST_TOLD = 100;

    private final PrintStream out;

    GatewaysBench(PrintStream out) {
        this.out = out;
    }

    @Override
    public String name() {
        return "gateways";
    }

    @Override
    public String summary() {
        return "kill -9, SIGTERM and SIGSTOP of two gateways of its own under load; exit 1 if a client lost something.";
    }

    @Override
    public String usage() {
        return """
            --seconds 60      no round of faults begins later than that; the first, with each of them, is always finished
            --seed 1          of the faults, the load and the clients
            --clients 4       whose feeds are written
            --dashboards 36   WebSocket connections, of all clients together
            --rate 200        records a second, of all clients together\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow("seconds", "seed", "clients", "dashboards", "rate");
        int clients = (int) options.positive("clients", 4);
        int dashboards = (int) options.positive("dashboards", 36);
        if (clients < 1 || dashboards < 1) {
            throw new UsageException("--clients and --dashboards must be at least 1");
        }
        Verdict verdict = new GatewayRun(
                        Path.of(System.getProperty("opsrelay.checkout", ".")),
                        (long) options.positive("seed", 1),
                        clients,
                        dashboards,
                        options.positive("rate", 200),
                        options.seconds("seconds", Duration.ofSeconds(60)),
                        out)
                .run();
        verdict.figures().forEach(out::println);
        Machine machine = Machine.describe(Clock.systemUTC());
        out.printf(
                "%d cores (%s), %d MiB, %s, JDK %s, %s%n",
                machine.cores(),
                machine.processor(),
                machine.memoryMib(),
                machine.system(),
                machine.jdk(),
                machine.date());
        verdict.violations().stream().limit(MOST_TOLD).forEach(violation -> out.println("VIOLATION " + violation));
        out.println(verdict.isSound() ? "no violations" : verdict.violations().size() + " violations");
        return verdict.isSound() ? 0 : 1;
    }
}
