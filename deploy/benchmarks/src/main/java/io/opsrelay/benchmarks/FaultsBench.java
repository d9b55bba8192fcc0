package io.opsrelay.benchmarks;

import io.opsrelay.benchmarks.actions.ActionFaults;
import io.opsrelay.benchmarks.faults.FaultRun;
import io.opsrelay.benchmarks.faults.Points;
import io.opsrelay.benchmarks.faults.Verdict;
import io.opsrelay.standalone.launcher.Home;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Kills and stops parts of a running system under load, and checks that it kept its promises. */
final class FaultsBench implements Bench {

    private static final int WRONG_USAGE = 2;
    private static final Duration NO_LIMIT = Duration.ofDays(365);
    /** Work is to be under way for so long even if all have fired before. */
    private static final Duration SHORTEST = Duration.ofSeconds(25);

    private final PrintStream out;
    private final PrintStream err;

    FaultsBench(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public String name() {
        return "faults";
    }

    @Override
    public String summary() {
        return "kill -9, SIGSTOP and FLUSHALL under load, against a running system whose stores were empty; exit 1 if a"
                + " promise was broken.";
    }

    @Override
    public String usage() {
        return """
            --kills 300       kills in the seed's plan (stops and flushes come on top)
            --seed 1          of the plan and of the load
            --rate 20         tickets a second
            --seconds 3600    no fault begins later than that (with --actions: no limit unless it is given, and even
                              then each point is tried once)
            --pause 2         seconds from recovery to the next fault
            --long-stops      some stops last 60 s instead of 5
            --once            instead of a plan by seed: each part killed once, PostgreSQL and Kafka stopped for 5 s
            --only PART       instead of a plan by seed: that part killed --kills times, e.g. agent-service
            --actions         instead of a running system: approval-service and action-engine with stores of their own;
                              action-engine is killed --kills times at named points (before and after intent, call,
                              record, outbox), while --rate (6) refunds and rollouts a second are decided and done
            --failpoints      instead of a plan by seed: the processes halt at the failpoints that the system was started
                              with; waits until each has fired, --seconds (600) at most. OPSRELAY_FAILPOINTS and
                              OPSRELAY_FAILPOINT_MARKERS must be set as they were for ./opsrelay up; says to what if not
            --instances 2     first scales each service to so many (1 to 3) as an SRE does; they stay
            --stops 60        instead of a plan by seed: each part stopped once (SIGSTOP) for so many seconds
            --away 60         instead of a plan by seed: each part killed, and killed again whenever it is back, for so
                              many seconds, one after the other
            --drain 300       seconds in which everything must have come to rest at the end
            --url, --home     gateway and data folder; without them as ./opsrelay up finds them\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow(
                "kills",
                "seed",
                "rate",
                "seconds",
                "pause",
                "long-stops",
                "once",
                "only",
                "actions",
                "instances",
                "stops",
                "away",
                "failpoints",
                "drain",
                "url",
                "home");
        Map<String, String> environment = System.getenv();
        Path checkout = Path.of(System.getProperty("opsrelay.checkout", "."));
        if (options.isSet("actions")) {
            return actions(options, checkout);
        }
        String home =
                options.text("home", Home.locate(checkout, environment).root().toString());
        String url = options.text("url", "http://127.0.0.1:" + environment.getOrDefault("OPSRELAY_PORT", "8080"));
        long seed = (long) options.positive("seed", 1);
        FaultRun run = new FaultRun(
                URI.create(url.replaceAll("/+$", "")),
                Path.of(home),
                seed,
                options.positive("rate", 20),
                options.seconds("drain", Duration.ofMinutes(5)),
                err);
        if (options.isSet("failpoints")) {
            return failpoints(run, options, environment, Path.of(home));
        }
        List<String> figures = new ArrayList<>();
        if (options.isGiven("instances")) {
            run.scaleTo((int) options.positive("instances", 1));
            figures.add(run.instances());
        }
        Verdict verdict;
        if (options.isSet("once")) {
            verdict = run.once(Duration.ofSeconds(5));
        } else if (options.isGiven("only")) {
            verdict = run.killing(options.text("only", ""), (int) options.positive("kills", 10));
        } else if (options.isGiven("stops")) {
            verdict = run.stops(options.seconds("stops", Duration.ofMinutes(1)));
        } else if (options.isGiven("away")) {
            verdict = run.away(options.seconds("away", Duration.ofMinutes(1)));
        } else {
            verdict = run.seeded(
                    (int) options.positive("kills", 300),
                    options.isSet("long-stops"),
                    options.seconds("pause", Duration.ofSeconds(2)),
                    options.seconds("seconds", Duration.ofHours(1)));
        }
        figures.addAll(verdict.figures());
        return tell(figures, verdict.violations());
    }

    private int failpoints(FaultRun run, Options options, Map<String, String> environment, Path home)
            throws InterruptedException {
        Optional<Points> armed = Points.of(environment);
        if (armed.isEmpty()) {
            out.println("No failpoint is armed here. In one shell, with a folder that does not exist yet:");
            Points.ofEveryService(home.resolve("failpoints"))
                    .environment()
                    .forEach((name, value) -> out.println("export " + name + "='" + value + "'"));
            out.println("then ./opsrelay up --detach, and this again");
            return WRONG_USAGE;
        }
        Points points = armed.get();
        if (!points.fired().isEmpty()) {
            throw new UsageException("before this run " + points.fired().getFirst() + "; delete " + points.markers()
                    + " and start the system again");
        }
        Verdict verdict =
                run.undisturbed(SHORTEST, options.seconds("seconds", Duration.ofMinutes(10)), () -> points.missing()
                        .isEmpty());
        List<String> figures = new ArrayList<>(verdict.figures());
        points.fired().forEach(fired -> figures.add(fired.toString()));
        List<String> violations = new ArrayList<>(verdict.violations());
        points.missing().forEach(name -> violations.add("no process ended at failpoint " + name));
        return tell(figures, violations);
    }

    private int actions(Options options, Path checkout) throws Exception {
        int kills = (int) options.positive("kills", 300);
        ActionFaults.Outcome outcome = new ActionFaults(
                        checkout,
                        (long) options.positive("seed", 1),
                        options.positive("rate", 6),
                        options.seconds("drain", Duration.ofMinutes(5)),
                        err)
                .run(kills, options.seconds("seconds", NO_LIMIT));
        int exit = tell(outcome.figures(), outcome.violations());
        return options.isGiven("seconds") ? exit : Math.max(exit, shortfall(outcome.kills(), kills));
    }

    /** The exit code: who set no limit of time wants all of them. */
    int shortfall(int fired, int asked) {
        if (fired >= asked) {
            return 0;
        }
        out.println("only %d of %d kills came about; give --seconds where fewer will do".formatted(fired, asked));
        return 1;
    }

    private int tell(List<String> figures, List<String> violations) {
        figures.forEach(out::println);
        violations.stream().limit(100).forEach(violation -> out.println("VIOLATION " + violation));
        out.println(violations.isEmpty() ? "no violations" : violations.size() + " violations");
        return violations.isEmpty() ? 0 : 1;
    }
}
