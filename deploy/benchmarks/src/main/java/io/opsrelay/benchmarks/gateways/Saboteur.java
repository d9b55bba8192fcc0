package io.opsrelay.benchmarks.gateways;

import io.opsrelay.benchmarks.faults.Processes.Running;
import io.opsrelay.benchmarks.gateways.Account.Drain;
import io.opsrelay.benchmarks.gateways.Account.Outage;
import io.opsrelay.standalone.process.ProcessIdentity;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing after the other, round after round each once, in the order of the seed; only what needs both gateways
 * lets others go first while one of them starts.
 */
final class Saboteur {

    private static final Duration STOP = Duration.ofSeconds(3);
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_MILLIS = 20;
    private static final int LONGEST_PAUSE_MILLIS = 1000;
    private static final int SHORTEST_STALL_SECONDS = 4;
    private static final int LONGEST_STALL_SECONDS = 18;
    /** Mostly longer than a gateway's memory reaches back, so that it has to read Kafka. */
    private static final int SHORTEST_ABSENCE_SECONDS = 6;

    private static final int LONGEST_ABSENCE_SECONDS = 24;

    private final Stand stand;
    private final List<Watcher> watchers;
    private final Random random;
    private final ExecutorService threads;
    private final PrintStream progress;
    private final List<Drain> drains = new ArrayList<>();
    private final List<Outage> outages = new ArrayList<>();
    private final List<Fault> done = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private @Nullable Future<?> starting;

    Saboteur(Stand stand, List<Watcher> watchers, Random random, ExecutorService threads, PrintStream progress) {
        this.stand = stand;
        this.watchers = watchers;
        this.random = random;
        this.threads = threads;
        this.progress = progress;
    }

    /** Goes on for so long, but not before each fault was done once; then waits until everything runs again. */
    void carryOut(Duration lasting) throws Exception {
        long end = System.nanoTime() + lasting.toNanos();
        boolean all = false;
        while (!all || System.nanoTime() - end < 0) {
            List<Fault> round = new ArrayList<>(List.of(Fault.values()));
            Collections.shuffle(round, random);
            while (!round.isEmpty() && (!all || System.nanoTime() - end < 0)) {
                Fault fault = nextOf(round);
                round.remove(fault);
                strike(fault);
                Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
            }
            all = true;
        }
        awaitGateways();
    }

    List<Drain> drains() {
        return drains;
    }

    List<Outage> outages() {
        return outages;
    }

    List<Fault> done() {
        return done;
    }

    /** Where not everybody was on again. */
    List<String> violations() {
        return violations;
    }

    private Fault nextOf(List<Fault> round) throws Exception {
        for (Fault fault : round) {
            if (!fault.needsAll() || !isStarting()) {
                return settled(fault);
            }
        }
        awaitGateways();
        return settled(round.getFirst());
    }

    private Fault settled(Fault fault) throws Exception {
        if (fault.needsAll()) {
            awaitGateways();
        }
        return fault;
    }

    private boolean isStarting() {
        Future<?> begun = starting;
        return begun != null && !begun.isDone();
    }

    private void awaitGateways() throws Exception {
        Future<?> begun = starting;
        if (begun != null) {
            begun.get();
        }
    }

    private void strike(Fault fault) throws Exception {
        done.add(fault);
        String what = fault.words();
        long since = System.nanoTime();
        switch (fault) {
            case KILL_GATEWAY -> {
                Gateway gateway = inhabited();
                what += " %s with %d clients".formatted(gateway.name(), clientsOf(gateway));
                gateway.running().kill();
                gateway.awaitEnd(PATIENCE);
                startAgain(gateway);
            }
            case DRAIN_GATEWAY -> {
                awaitAbsent(); // of who comes late it could not be said what it was that cost a resync
                Gateway gateway = inhabited();
                what += " %s with %d clients".formatted(gateway.name(), clientsOf(gateway));
                drains.add(new Drain(gateway.incarnation(), System.nanoTime()));
                gateway.askToStop();
                gateway.awaitEnd(PATIENCE);
                since = System.nanoTime(); // while it stopped, its clients were on
                startAgain(gateway);
            }
            case STOP_GATEWAY -> {
                Gateway gateway = inhabited();
                what += " %s with %d clients".formatted(gateway.name(), clientsOf(gateway));
                List<ProcessIdentity> stopped = gateway.running().stop();
                try {
                    Thread.sleep(STOP);
                } finally {
                    Running.goOn(stopped);
                }
                since = System.nanoTime();
            }
            case KILL_KAFKA -> {
                stand.killKafka();
                outages.add(new Outage(since, System.nanoTime()));
            }
            case KILL_REDIS -> stand.killRedis();
            case FLUSH_REDIS -> flush();
            case STALL -> {
                List<Watcher> some = some(6);
                Duration lasting =
                        Duration.ofSeconds(random.nextInt(SHORTEST_STALL_SECONDS, LONGEST_STALL_SECONDS + 1));
                some.forEach(watcher -> watcher.stall(lasting));
                what += " " + some.size() + " clients for " + lasting.toSeconds() + " s";
            }
            case DROP -> {
                List<Watcher> some = some(3);
                Duration lasting =
                        Duration.ofSeconds(random.nextInt(SHORTEST_ABSENCE_SECONDS, LONGEST_ABSENCE_SECONDS + 1));
                some.forEach(watcher -> watcher.drop(lasting));
                what += " " + some.size() + " clients for " + lasting.toSeconds() + " s";
            }
        }
        tell(what, awaitEverybody(since));
    }

    private void flush() {
        try {
            stand.flushRedis();
        } catch (IOException e) {
            // It is just starting: then it is empty as well.
        }
    }

    private void tell(String what, @Nullable Long millis) {
        progress.printf(
                "%4d  %-40s %s%n",
                done.size(),
                what,
                millis == null ? "not everybody is on again" : "everybody is on again after " + millis + " ms");
        if (millis == null) {
            violations.add("after '%s' not everybody was on again within %d s".formatted(what, PATIENCE.toSeconds()));
        }
    }

    private void awaitAbsent() throws InterruptedException {
        long since = System.nanoTime();
        while (!watchers.stream().allMatch(watcher -> !watcher.isAbsent() && watcher.isOnSince(since))
                && System.nanoTime() - since < PATIENCE.toNanos()) {
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private void startAgain(Gateway gateway) {
        starting = threads.submit(() -> {
            gateway.startAgain();
            gateway.awaitReady(START);
            return null;
        });
    }

    /** In ms: until each, but who does not want to read, was shown something that was written afterwards. */
    private @Nullable Long awaitEverybody(long since) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            if (watchers.stream().allMatch(watcher -> watcher.isAbsent() || watcher.isOnSince(since))) {
                return Duration.ofNanos(System.nanoTime() - since).toMillis();
            }
            Thread.sleep(LOOK_MILLIS);
        }
        return null;
    }

    /** Either gateway, as long as somebody is there to notice. */
    private Gateway inhabited() {
        List<Gateway> gateways = new ArrayList<>(stand.gateways());
        Collections.shuffle(gateways, random);
        return gateways.stream()
                .filter(gateway -> clientsOf(gateway) > 0)
                .findFirst()
                .orElse(gateways.getFirst());
    }

    private long clientsOf(Gateway gateway) {
        return watchers.stream()
                .filter(watcher -> watcher.isAt(gateway.incarnation()))
                .count();
    }

    private List<Watcher> some(int oneIn) {
        List<Watcher> all = new ArrayList<>(watchers);
        Collections.shuffle(all, random);
        return List.copyOf(all.subList(0, Math.max(1, all.size() / oneIn)));
    }
}
