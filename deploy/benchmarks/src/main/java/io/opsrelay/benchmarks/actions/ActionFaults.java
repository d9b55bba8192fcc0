package io.opsrelay.benchmarks.actions;

import io.opsrelay.messaging.Failpoint;
import io.opsrelay.standalone.audit.AuditCommand;
import io.opsrelay.standalone.embedded.Postgres;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.Ending;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The action-engine is killed at named points, again and again, while refunds and rollouts are asked for, decided and
 * done; then everything comes to rest, and both sides' books are compared.
 */
public final class ActionFaults {

    /** Leases that fit a process which dies every few seconds. */
    private static final List<String> HASTE = List.of(
            "--opsrelay.execution.lease=2s",
            "--opsrelay.messaging.lease-duration=1s",
            "--opsrelay.execution.reconcile-first=100ms",
            "--opsrelay.execution.reconcile-longest=1s");

    private static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-XX:TieredStopAtLevel=1", "-Xmx256m");
    private static final Duration NOT_REACHED = Duration.ofSeconds(90);
    private static final int CHARGES = 100_000;
    private static final String GROUP = "action-engine.actions";

    private final Path checkout;
    private final long seed;
    private final double rate;
    private final Duration drain;
    private final PrintStream progress;

    /**
     * A run that is not begun.
     *
     * @param checkout with the services' jars
     * @param seed of the plan and of the decisions
     * @param rate actions a second
     * @param drain how long everything may take to come to rest at the end
     */
    public ActionFaults(Path checkout, long seed, double rate, Duration drain, PrintStream progress) {
        this.checkout = checkout;
        this.seed = seed;
        this.rate = rate;
        this.drain = drain;
        this.progress = progress;
    }

    /**
     * What came out.
     *
     * @param violations a sentence for each rule that was broken
     * @param figures for people, a line each
     * @param kills how many times the engine was ended at a point
     */
    public record Outcome(List<String> violations, List<String> figures, int kills) {}

    /**
     * Carries out the seed's plan, or as much of it as there is time for: at least its first round, which is each point
     * once.
     *
     * @param longest no kill of a later round begins after that time
     */
    public Outcome run(int kills, Duration longest) throws Exception {
        Random random = new Random(seed);
        try (ActionsRig rig = new ActionsRig(checkout, FLAGS);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .build();
                Proposals proposals = new Proposals(rig.kafka());
                Connection database = rig.database()) {
            rig.forgetDeadConsumersSoon(GROUP);
            Proposals.charge(database, CHARGES);
            List<Desk> desks = ActionsRig.CLIENTS.stream()
                    .map(client -> new Desk(http, rig, client))
                    .toList();
            ActionLoad load = new ActionLoad(proposals, desks, rig.yard().names(), threads, random);
            try {
                load.begin(rate);
                Tally tally = carryOut(rig, Kill.ofSeed(seed, kills), longest);
                ChildProcess last = rig.startEngine(Map.of(), HASTE);
                boolean rested = rest(load, database);
                List<String> violations = new ArrayList<>(new Ledger(database)
                        .books(rig.yard().done(), load.accepted())
                        .violations());
                if (!rested) {
                    violations.add("work was still under way " + drain.toSeconds() + " s after the load had ended");
                }
                last.end(Ending.politely(Duration.ofSeconds(15)));
                violations.addAll(auditProblems(rig));
                return new Outcome(violations, figures(tally, new Ledger(database)), tally.kills());
            } finally {
                load.end();
                http.shutdownNow();
            }
        }
    }

    private Tally carryOut(ActionsRig rig, List<Kill> plan, Duration longest) throws Exception {
        Tally tally = new Tally();
        long latest = System.nanoTime() + longest.toNanos();
        for (int i = 0; i < plan.size() && (i < Kill.ROUND || System.nanoTime() - latest < 0); i++) {
            Kill kill = plan.get(i);
            Path markers = Files.createDirectories(rig.folder().resolve("markers/" + i));
            long began = System.nanoTime();
            ChildProcess engine = rig.startEngine(
                    Map.of("OPSRELAY_FAILPOINTS", kill.toString(), "OPSRELAY_FAILPOINT_MARKERS", markers.toString()),
                    HASTE);
            boolean ended = engine.awaitExit(NOT_REACHED);
            if (!ended) {
                engine.end(Ending.politely(Duration.ZERO));
            }
            boolean fired = Files.exists(markers.resolve(kill.point().wireName()));
            tally.add(kill.point(), fired);
            progress.printf(
                    Locale.ROOT,
                    "%4d of %d  %-28s %s after %.1f s%n",
                    i + 1,
                    plan.size(),
                    kill,
                    fired ? "killed" : "NOT REACHED",
                    (System.nanoTime() - began) / 1e9);
            if (ended && !fired) {
                throw new IllegalStateException(
                        "the engine ended by itself:\n" + String.join("\n", engine.lastLines(30)));
            }
        }
        return tally;
    }

    /** Waits until everything that was asked for is at its end; false if it is not in time. */
    private boolean rest(ActionLoad load, Connection database) throws SQLException, InterruptedException {
        load.proposeNoMore();
        long end = System.nanoTime() + drain.toNanos();
        Ledger ledger = new Ledger(database);
        while (System.nanoTime() - end < 0) {
            long[] counts = ledger.counts();
            if (load.isAnswered()
                    && counts[1] == 0
                    && counts[0] >= load.accepted().size()
                    && isQuiet(ledger)) {
                return true;
            }
            Thread.sleep(200);
        }
        return false;
    }

    private static boolean isQuiet(Ledger ledger) throws SQLException {
        return ledger.number(
                        "select (select count(*) from action.outbox) + (select count(*) from approval.outbox)"
                                + " + (select count(*) from action.audit_waiting) + (select count(*) from approval.audit_waiting)")
                == 0;
    }

    private static List<String> auditProblems(ActionsRig rig) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
        int exit = AuditCommand.run(
                List.of("verify"),
                () -> new AuditCommand.Place(
                        rig.databaseUrl(),
                        Postgres.ADMIN,
                        rig.adminPassword(),
                        List.of("approval", "action"),
                        rig.folder(),
                        rig.folder().resolve("audit/heads.txt")),
                out,
                out);
        return exit == 0 ? List.of() : List.of("the audit log is not sound:\n" + text.toString(StandardCharsets.UTF_8));
    }

    private List<String> figures(Tally tally, Ledger ledger) throws SQLException {
        List<String> figures = new ArrayList<>();
        figures.add(String.format(Locale.ROOT, "seed %d, %.1f actions/s", seed, rate));
        figures.add("%d kills, %d points not reached in %d s"
                .formatted(tally.kills(), tally.missed, NOT_REACHED.toSeconds()));
        tally.fired.forEach((point, times) -> figures.add("  %-24s %4d".formatted(point.wireName(), times)));
        figures.add("%d actions, %d refunds at the sandbox, %d actions that were unknown for a while, %d audit entries"
                .formatted(
                        ledger.number("select count(*) from action.action"),
                        ledger.number("select count(*) from action.sandbox_refund"),
                        ledger.number(
                                "select count(distinct action_id) from action.action_step where step = 'unknown'"),
                        ledger.number("select (select count(*) from action.audit_entry)"
                                + " + (select count(*) from approval.audit_entry)")));
        return figures;
    }

    /** What the plan came to. */
    private static final class Tally {
        private final Map<Failpoint, Integer> fired = new EnumMap<>(Failpoint.class);
        private int missed;

        void add(Failpoint point, boolean reached) {
            if (reached) {
                fired.merge(point, 1, Integer::sum);
            } else {
                missed++;
            }
        }

        int kills() {
            return fired.values().stream().mapToInt(Integer::intValue).sum();
        }
    }
}
