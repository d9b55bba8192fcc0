package io.opsrelay.benchmarks.actions;

import io.opsrelay.standalone.process.ChildProcess;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How long a list of many pending approvals takes, how soon a decision is at the provider, and how many actions a second
 * go through policy and the sandbox.
 */
public final class ActionsWorkload {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int APPROVERS = 8;
    private static final String CLIENT = "acme";

    /**
     * How much of each.
     *
     * @param warmUp actions before anything is measured
     * @param pending approvals that wait while lists are read
     * @param lists how often the list is read
     * @param decisions whose way to the provider is measured
     * @param rate decisions a second
     * @param actions proposed at once
     * @param type of these; refunds are decided by people, what policy grants at once by nobody
     */
    public record Sizes(int warmUp, int pending, int lists, int decisions, double rate, int actions, String type) {}

    private final Path checkout;
    private final List<String> flags;
    private final Sizes sizes;
    private final PrintStream out;

    /** @param flags of the services' JVMs */
    public ActionsWorkload(Path checkout, List<String> flags, Sizes sizes, PrintStream out) {
        this.checkout = checkout;
        this.flags = flags;
        this.sizes = sizes;
        this.out = out;
    }

    /** Whether all that was begun came to its end. */
    public boolean run() throws Exception {
        try (ActionsRig rig = new ActionsRig(checkout, flags);
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                Proposals proposals = new Proposals(rig.kafka());
                Connection database = rig.database()) {
            ChildProcess engine = rig.startEngine(Map.of(), List.of());
            rig.awaitReady(engine);
            Proposals.charge(database, sizes.warmUp() + sizes.pending() + sizes.actions() + 10);
            Desk desk = new Desk(http, rig, CLIENT);
            Round round = new Round(proposals, desk, new Ledger(database));
            round.through("warm-up", sizes.warmUp(), "refund", false);
            round.lists();
            round.decisions();
            round.through("the rest of what was pending", 0, "refund", false);
            return round.through("throughput", sizes.actions(), sizes.type(), true);
        }
    }

    /** One after the other on the same services. */
    private final class Round {
        private final Proposals proposals;
        private final Desk desk;
        private final Ledger ledger;

        Round(Proposals proposals, Desk desk, Ledger ledger) {
            this.proposals = proposals;
            this.desk = desk;
            this.ledger = ledger;
        }

        /** Proposes, decides as fast as it can, and waits for the last end. */
        boolean through(String name, int count, String type, boolean tell) throws Exception {
            long succeededBefore = succeeded();
            long cause = System.nanoTime();
            for (int i = 0; i < count; i++) {
                if (type.equals("refund")) {
                    proposals.refund(CLIENT);
                } else {
                    proposals.propose(
                            CLIENT,
                            type,
                            Map.of(
                                    "title",
                                    "It is broken " + i,
                                    "description",
                                    "It does not start",
                                    "priority",
                                    "low"));
                }
            }
            proposals.flush();
            boolean done = settle(proposals.acknowledged().size());
            double seconds = (System.nanoTime() - cause) / 1e9;
            long succeeded = succeeded() - succeededBefore;
            if (tell) {
                out.printf(
                        Locale.ROOT,
                        "%-44s %8.1f /s  (%d of %d %s actions succeeded in %.1f s, all of one client)%n",
                        "actions from proposal to outcome",
                        succeeded / seconds,
                        succeeded,
                        count,
                        type,
                        seconds);
            }
            if (!done) {
                out.println(name + ": not everything came to its end in " + PATIENCE.toSeconds() + " s");
            }
            return done && (!tell || succeeded == count);
        }

        private long succeeded() throws SQLException {
            return ledger.number("select count(*) from action.action where status = 'succeeded'");
        }

        /** Approves whatever waits, until so many actions exist and all are settled. */
        private boolean settle(int expected) throws Exception {
            long end = System.nanoTime() + PATIENCE.toNanos();
            try (ExecutorService approvers = Executors.newVirtualThreadPerTaskExecutor()) {
                while (System.nanoTime() - end < 0) {
                    Queue<String> waiting = new ConcurrentLinkedQueue<>();
                    desk.pending(200)
                            .body()
                            .path("items")
                            .forEach(
                                    item -> waiting.add(item.path("approval_id").asString("")));
                    if (waiting.isEmpty()) {
                        long[] counts = ledger.counts();
                        if (counts[0] >= expected && counts[1] == 0) {
                            return true;
                        }
                        TimeUnit.MILLISECONDS.sleep(20);
                    } else {
                        approve(approvers, waiting);
                    }
                }
            }
            return false;
        }

        private void approve(ExecutorService approvers, Queue<String> waiting) throws Exception {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < APPROVERS; i++) {
                all.add(approvers.submit(() -> {
                    for (String id = waiting.poll(); id != null; id = waiting.poll()) {
                        desk.decide(id, "approve");
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }

        /** With so many pending, how long a list takes. */
        void lists() throws Exception {
            for (int i = 0; i < sizes.pending(); i++) {
                proposals.refund(CLIENT);
            }
            long end = System.nanoTime() + PATIENCE.toNanos();
            String pending = "select count(*) from approval.approval where status = 'pending'";
            while (ledger.number(pending) < sizes.pending() && System.nanoTime() - end < 0) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            for (int limit : new int[] {50, 200}) {
                Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
                for (int i = 0; i < sizes.lists() * 2; i++) {
                    long began = System.nanoTime();
                    int status = desk.pending(limit).status();
                    if (status != 200) {
                        throw new IllegalStateException("the list of approvals is answered " + status);
                    }
                    if (i >= sizes.lists()) {
                        micros.recordValue((System.nanoTime() - began) / 1000);
                    }
                }
                tell("list of " + ledger.number(pending) + " pending, " + limit + " a page", micros);
            }
        }

        /** At a constant pace: from sending a decision, and from taking it, to the sandbox's own record of the call. */
        void decisions() throws Exception {
            Queue<String> waiting = new ArrayDeque<>();
            for (JsonNode item : desk.pending(200).body().path("items")) {
                waiting.add(item.path("approval_id").asString(""));
            }
            long since = System.currentTimeMillis();
            AtomicInteger refused = new AtomicInteger();
            int decided = 0;
            Histogram answers = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
            try (ExecutorService approvers = Executors.newVirtualThreadPerTaskExecutor()) {
                long start = System.nanoTime();
                for (; decided < sizes.decisions(); decided++) {
                    String id = next(waiting);
                    if (id == null) {
                        break;
                    }
                    long due = start + Math.round(decided * 1e9 / sizes.rate());
                    TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                    approvers.execute(() -> decide(id, answers, refused));
                }
            }
            awaitCalls(since, decided - refused.get());
            tell("decision: HTTP answer", answers);
            Histogram micros = new Histogram(TimeUnit.MINUTES.toMicros(1), 3);
            ledger.millis("select extract(epoch from (c.at - p.decided_at)) * 1000" + calls(since))
                    .forEach(millis -> micros.recordValue(Math.max(0, Math.round(millis * 1000))));
            tell("decision taken to provider call", micros);
        }

        private void decide(String id, Histogram answers, AtomicInteger refused) {
            try {
                long began = System.nanoTime();
                if (desk.decide(id, "approve").status() != 200) {
                    refused.incrementAndGet();
                }
                synchronized (answers) {
                    answers.recordValue((System.nanoTime() - began) / 1000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private @Nullable String next(Queue<String> waiting) throws InterruptedException {
            if (waiting.isEmpty()) {
                for (JsonNode item : desk.pending(200).body().path("items")) {
                    waiting.add(item.path("approval_id").asString(""));
                }
            }
            return waiting.poll();
        }

        private void awaitCalls(long since, int expected) throws SQLException, InterruptedException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (ledger.number("select count(*)" + calls(since)) < expected && System.nanoTime() - end < 0) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }

        private String calls(long since) {
            return """
                     from approval.approval p join action.sandbox_call c
                      on c.client_id = p.client_id and c.operation = 'refund'
                     and c.idempotency_key = 'opsrelay-' || p.action_id
                    where p.status = 'approved' and p.decided_at >= to_timestamp(%d / 1000.0)""".formatted(since);
        }

        private void tell(String name, Histogram micros) {
            out.printf(
                    Locale.ROOT,
                    "%-44s %8.1f ms median %8.1f ms p95 %8.1f ms p99  (%d)%n",
                    name,
                    micros.getValueAtPercentile(50) / 1000.0,
                    micros.getValueAtPercentile(95) / 1000.0,
                    micros.getValueAtPercentile(99) / 1000.0,
                    micros.getTotalCount());
        }
    }
}
