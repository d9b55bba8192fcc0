package io.opsrelay.benchmarks;

import io.opsrelay.benchmarks.actions.ActionFaults;
import io.opsrelay.benchmarks.faults.FaultRun;
import io.opsrelay.benchmarks.faults.Verdict;
import io.opsrelay.standalone.launcher.Home;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kills and stops parts of a running system under load, and checks that it kept its promises. */
final class FaultsBench implements Bench {

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
        return "kill -9, SIGSTOP and FLUSHALL under load, against a running system; exit 1 if a promise was broken.";
    }

    @Override
    public String usage() {
        return """
            --kills 300       kills in the seed's plan (stops and flushes come on top)
            --seed 1          of the plan and of the load
            --rate 20         tickets a second
            --seconds 3600    no fault begins later than that
            --pause 2         seconds from recovery to the next fault
            --long-stops      some stops last 60 s instead of 5
            --once            instead of a plan by seed: each part killed once, PostgreSQL and Kafka stopped for 5 s
            --only PART       instead of a plan by seed: that part killed --kills times, e.g. agent-service
            --actions         instead of a running system: approval-service and action-engine with stores of their own;
                              action-engine is killed --kills times at named points (before and after intent, call,
                              record, outbox), while --rate (6) refunds and rollouts a second are decided and done
            --instances 2     first scales each service to so many (1 to 3) as an SRE does; they stay
            --stops 60        instead of a plan by seed: each part stopped once (SIGSTOP) for so many seconds
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

    private int actions(Options options, Path checkout) throws Exception {
        ActionFaults.Outcome outcome = new ActionFaults(
                        checkout,
                        (long) options.positive("seed", 1),
                        options.positive("rate", 6),
                        options.seconds("drain", Duration.ofMinutes(5)),
                        err)
                .run((int) options.positive("kills", 300), options.seconds("seconds", Duration.ofHours(1)));
        return tell(outcome.figures(), outcome.violations());
    }

    private int tell(List<String> figures, List<String> violations) {
        figures.forEach(out::println);
        violations.stream().limit(100).forEach(violation -> out.println("VIOLATION " + violation));
        out.println(violations.isEmpty() ? "no violations" : violations.size() + " violations");
        return violations.isEmpty() ? 0 : 1;
    }
}
