package io.opsrelay.benchmarks;

import io.opsrelay.benchmarks.faults.FaultRun;
import io.opsrelay.benchmarks.faults.Verdict;
import io.opsrelay.standalone.launcher.Home;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
            --stops 60        instead of a plan by seed: each part stopped once (SIGSTOP) for so many seconds
            --drain 300       seconds in which everything must have come to rest at the end
            --url, --home     gateway and data folder; without them as ./opsrelay up finds them\
            """;
    }

    @Override
    public int run(Options options) throws Exception {
        options.allow(
                "kills", "seed", "rate", "seconds", "pause", "long-stops", "once", "stops", "drain", "url", "home");
        Map<String, String> environment = System.getenv();
        Path checkout = Path.of(System.getProperty("opsrelay.checkout", "."));
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
        Verdict verdict;
        if (options.isSet("once")) {
            verdict = run.once(Duration.ofSeconds(5));
        } else if (options.isGiven("stops")) {
            verdict = run.stops(options.seconds("stops", Duration.ofMinutes(1)));
        } else {
            verdict = run.seeded(
                    (int) options.positive("kills", 300),
                    options.isSet("long-stops"),
                    options.seconds("pause", Duration.ofSeconds(2)),
                    options.seconds("seconds", Duration.ofHours(1)));
        }
        verdict.figures().forEach(out::println);
        verdict.violations().stream().limit(100).forEach(violation -> out.println("VIOLATION " + violation));
        out.println(verdict.isSound() ? "no violations" : verdict.violations().size() + " violations");
        return verdict.isSound() ? 0 : 1;
    }
}
