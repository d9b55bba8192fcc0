package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.faults.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What is done to whom, by seed: round after round each target once, in another order each time.
 *
 * @param faults in their order
 */
record Plan(List<Fault> faults) {

    private static final Duration SHORT_STOP = Duration.ofSeconds(5);
    private static final Duration LONG_STOP = Duration.ofSeconds(60);
    /** Killed more often than stopped; one stop in three rounds is a long one. */
    private static final int STOP_ONE_IN = 12;

    Plan {
        faults = List.copyOf(faults);
    }

    /**
     * A plan by chance.
     *
     * @param longStops whether processes are stopped for a minute as well
     */
    static Plan ofSeed(long seed, int kills, boolean longStops, Set<String> targets) {
        Random random = new Random(seed);
        List<Fault> faults = new ArrayList<>();
        int killed = 0;
        while (killed < kills) {
            List<String> round = new ArrayList<>(targets);
            Collections.sort(round);
            Collections.shuffle(round, random);
            for (String target : round) {
                if (killed == kills) {
                    break;
                }
                Fault fault = fault(random, target, longStops);
                faults.add(fault);
                killed += fault.kind() == Kind.KILL ? 1 : 0;
            }
            if (targets.contains("redis")) {
                faults.add(new Fault(Kind.FLUSH, "redis", Duration.ZERO));
            }
        }
        return new Plan(faults);
    }

    /** Each target killed once, then PostgreSQL and Kafka stopped for as long as is said, and Redis flushed. */
    static Plan once(List<String> targets, Duration stop) {
        List<Fault> faults = new ArrayList<>(kills(targets).faults());
        faults.add(new Fault(Kind.STOP, "postgres", stop));
        faults.add(new Fault(Kind.STOP, "kafka", stop));
        faults.add(new Fault(Kind.FLUSH, "redis", Duration.ZERO));
        return new Plan(faults);
    }

    /** Each target killed once. */
    static Plan kills(List<String> targets) {
        return new Plan(targets.stream()
                .map(target -> new Fault(Kind.KILL, target, Duration.ZERO))
                .toList());
    }

    /** One target killed so many times. */
    static Plan kills(String target, int times) {
        return new Plan(Collections.nCopies(times, new Fault(Kind.KILL, target, Duration.ZERO)));
    }

    /** Each target stopped once for as long as is said. */
    static Plan stops(List<String> targets, Duration stop) {
        return new Plan(targets.stream()
                .map(target -> new Fault(Kind.STOP, target, stop))
                .toList());
    }

    /** Each target away once for as long as is said. */
    static Plan away(List<String> targets, Duration lasting) {
        return new Plan(targets.stream()
                .map(target -> new Fault(Kind.AWAY, target, lasting))
                .toList());
    }

    private static Fault fault(Random random, String target, boolean longStops) {
        if (random.nextInt(STOP_ONE_IN) > 0) {
            return new Fault(Kind.KILL, target, Duration.ZERO);
        }
        return new Fault(Kind.STOP, target, longStops && random.nextInt(3) == 0 ? LONG_STOP : SHORT_STOP);
    }
}
