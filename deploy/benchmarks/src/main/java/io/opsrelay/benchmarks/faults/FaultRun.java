package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.faults.Saboteur.Blow;
import io.opsrelay.benchmarks.history.FeedLog;
import io.opsrelay.benchmarks.history.History;
import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.HistoryChecker;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One run: load from several clients, faults by plan, then rest, then judgement. Touches only processes of the system
 * whose data folder it is given.
 */
public final class FaultRun {

    private static final List<String> CLIENTS = List.of("acme", "globex");
    private static final int SCREENS_PER_CLIENT = 2;
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration TAIL = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 200;
    /** Of what the feed holds from before, enough that a record sent again then is known as such. */
    private static final Duration BEFORE = Duration.ofMinutes(10);

    private static final List<String> SERVICES =
            List.of("ingestion-service", "agent-service", "approval-service", "action-engine", "realtime-gateway");

    /** The five services and the stores below them. */
    private static final List<String> EVERYTHING = Stream.concat(
                    SERVICES.stream(), Stream.of("kafka", "postgres", "redis"))
            .toList();

    private final URI base;
    private final Processes processes;
    private final long seed;
    private final double rate;
    private final Duration drain;
    private final PrintStream progress;

    /**
     * A run that is not begun.
     *
     * @param base the gateway's address
     * @param home the system's data folder
     * @param seed of all that is left to chance
     * @param rate tickets a second
     * @param drain how long the system may take to come to rest at the end
     */
    public FaultRun(URI base, Path home, long seed, double rate, Duration drain, PrintStream progress) {
        this.base = base;
        this.processes = new Processes(home);
        this.seed = seed;
        this.rate = rate;
        this.drain = drain;
        this.progress = progress;
    }

    /**
     * Has an SRE scale each service, and returns when all instances are ready. The system stays so afterwards.
     *
     * @param instances of each service; an SRE alone may ask for 1 to 3
     * @throws IllegalStateException if that was refused or has failed
     */
    public void scaleTo(int instances) throws InterruptedException {
        Scaling.to(instances, SERVICES, base, progress);
    }

    /** How many instances of each service run, for people. */
    public String instances() {
        return SERVICES.stream()
                .map(service -> processes.instancesOf(service).size() + " of " + service)
                .collect(Collectors.joining(", ", "instances: ", ""));
    }

    /** One instance of each service killed, one service after the other; whatever others it has go on. */
    public Verdict eachServiceOnce(Duration pause) throws InterruptedException {
        return run(Plan.kills(SERVICES), pause, Duration.ofHours(1));
    }

    /** Each part killed once, PostgreSQL and Kafka stopped that long, Redis flushed. */
    public Verdict once(Duration stop) throws InterruptedException {
        return run(Plan.once(EVERYTHING, stop), Duration.ofMillis(500), Duration.ofHours(1));
    }

    /** Each part stopped once for so long, one after the other. */
    public Verdict stops(Duration stop) throws InterruptedException {
        return run(Plan.stops(EVERYTHING, stop), Duration.ofSeconds(2), Duration.ofHours(1));
    }

    /** Each part away once for so long, one after the other: killed, and killed again whenever it is back. */
    public Verdict away(Duration lasting) throws InterruptedException {
        return run(Plan.away(EVERYTHING, lasting), Duration.ofSeconds(2), Duration.ofHours(1));
    }

    /** One part killed so many times, after pauses that follow from the seed. */
    public Verdict killing(String part, int times) throws InterruptedException {
        Duration pause = Duration.ofMillis(200 + new Random(seed).nextInt(1500));
        return run(Plan.kills(part, times), pause, Duration.ofHours(1));
    }

    /**
     * No fault but those that the system brings about itself.
     *
     * @param lasting at least for so long
     * @param longest for so long if the system has not brought about all of them before
     * @param all whether it has
     */
    public Verdict undisturbed(Duration lasting, Duration longest, BooleanSupplier all) throws InterruptedException {
        return run(new Plan(List.of()), lasting, longest, all);
    }

    /**
     * As many kills as the seed's plan says, in as much time as there is.
     *
     * @param longStops whether parts are stopped for a minute, too
     */
    public Verdict seeded(int kills, boolean longStops, Duration pause, Duration longest) throws InterruptedException {
        return run(Plan.ofSeed(seed, kills, longStops, Set.copyOf(EVERYTHING)), pause, longest);
    }

    private Verdict run(Plan plan, Duration pause, Duration longest) throws InterruptedException {
        return run(plan, pause, longest, () -> true);
    }

    private Verdict run(Plan plan, Duration pause, Duration longest, BooleanSupplier enough)
            throws InterruptedException {
        String run = "f" + seed + "-" + Long.toString(System.currentTimeMillis(), 36);
        Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Random random = new Random(seed);
        Journal journal = new Journal();
        Eyes eyes = new Eyes(CLIENTS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .executor(threads)
                        .build();
                Poison poison = new Poison(kafka(), run, journal, new Random(random.nextLong()))) {
            Load load = new Load(http, threads, journal, eyes, poison, new Wishes(run, new Random(random.nextLong())));
            try {
                load.begin(random);
                long latest = System.nanoTime() + longest.toNanos();
                List<Blow> blows =
                        new Saboteur(processes, journal, new Random(seed), progress).carryOut(plan, pause, latest);
                if (plan.faults().isEmpty()) {
                    Thread.sleep(pause);
                }
                while (!enough.getAsBoolean() && System.nanoTime() - latest < 0) {
                    Thread.sleep(LOOK_MILLIS);
                }
                Aftermath aftermath = new Aftermath(load.admins(), run, began, threads);
                boolean rested = load.end(aftermath);
                progress.println("reading how everything stands");
                History history;
                try (FeedLog feed = new FeedLog(kafka(), began.minus(BEFORE))) {
                    history = awaitDashboards(
                            aftermath.read(journal, eyes, load.screens, poison, feed), load.screens, feed);
                }
                List<String> violations = new ArrayList<>(HistoryChecker.violations(history));
                if (!rested) {
                    violations.add("work was still under way " + drain.toSeconds() + " s after the load had ended");
                }
                return Verdict.of(seed, rate, journal.acknowledged(), history, blows, load.screens, violations);
            } finally {
                load.leave();
                http.shutdownNow();
            }
        }
    }

    /**
     * What was done last may not be in the feed yet, and a dashboard that has just reconnected gets what it missed: that is
     * waited for, and said if it does not come.
     */
    private static History awaitDashboards(History read, List<Screen> screens, FeedLog feed)
            throws InterruptedException {
        History history = read;
        long end = System.nanoTime() + TAIL.toNanos();
        while (!HistoryChecker.violations(history).isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(LOOK_MILLIS);
            // In this order: what a dashboard was shown is in the feed.
            List<Dashboard> dashboards = Aftermath.dashboards(screens);
            history = history.withDashboards(dashboards, feed.read());
        }
        return history;
    }

    private String kafka() {
        Processes.Running kafka = processes.running().get("kafka");
        if (kafka == null) {
            throw new IllegalStateException("no Kafka runs there that OpsRelay started; is it up? (./opsrelay up)");
        }
        return "127.0.0.1:" + kafka.port();
    }

    /** All who do something. */
    private final class Load {

        private final HttpClient http;
        private final ExecutorService threads;
        private final Journal journal;
        private final Eyes eyes;
        private final Poison poison;
        private final Traffic traffic;
        private final List<Screen> screens = new ArrayList<>();
        private final List<Approver> approvers = new ArrayList<>();
        private final Map<String, Caller> admins = new HashMap<>();

        Load(HttpClient http, ExecutorService threads, Journal journal, Eyes eyes, Poison poison, Wishes wishes) {
            this.http = http;
            this.threads = threads;
            this.journal = journal;
            this.eyes = eyes;
            this.poison = poison;
            Map<String, Caller> agents = new HashMap<>();
            for (String client : CLIENTS) {
                agents.put(client, caller("agent", client));
                admins.put(client, caller("admin", client));
            }
            this.traffic = new Traffic(agents, journal, wishes, threads, Traffic.Patience.LONG);
        }

        private Caller caller(String role, String client) {
            return new Caller(http, base, role + "@" + client + ".example", eyes);
        }

        List<Caller> admins() {
            return List.copyOf(admins.values());
        }

        void begin(Random random) throws InterruptedException {
            for (String client : CLIENTS) {
                for (int i = 0; i < SCREENS_PER_CLIENT; i++) {
                    screens.add(new Screen(
                            http, base, caller("viewer", client), eyes, journal, new Random(random.nextLong())));
                }
                approvers.add(new Approver(
                        caller("approver", client), caller("admin", client), journal, new Random(random.nextLong())));
            }
            screens.forEach(threads::execute);
            long end = System.nanoTime() + START_LIMIT.toNanos();
            while (!screens.stream().allMatch(Screen::isOn)) {
                if (System.nanoTime() - end > 0) {
                    leave();
                    throw new IllegalStateException("no dashboard could subscribe at " + base);
                }
                Thread.sleep(50);
            }
            approvers.forEach(threads::execute);
            threads.execute(poison);
            threads.execute(() -> traffic.run(rate));
        }

        /** Lets everything come to rest; false if it did not in time. */
        boolean end(Aftermath aftermath) throws InterruptedException {
            traffic.leave();
            poison.leave();
            progress.printf("no more tickets (%d were accepted); waiting for rest%n", journal.acknowledged());
            long end = System.nanoTime() + drain.toNanos();
            while (!traffic.isAnswered() && System.nanoTime() - end < 0) {
                Thread.sleep(50);
            }
            return aftermath.awaitRest(Duration.ofNanos(end - System.nanoTime())) && traffic.isAnswered();
        }

        void leave() {
            traffic.leave();
            poison.leave();
            approvers.forEach(Approver::leave);
            screens.forEach(Screen::leave);
        }
    }
}
