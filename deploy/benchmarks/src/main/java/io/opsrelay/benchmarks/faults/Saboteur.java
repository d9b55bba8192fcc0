package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.faults.Processes.Running;
import io.opsrelay.standalone.process.ProcessIdentity;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Carries out a plan, one fault after the other: the next one when work was seen to go on after the last. */
final class Saboteur {

    private static final long POLL_MILLIS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Processes processes;
    private final Journal journal;
    private final Random random;
    private final PrintStream progress;

    /** @param random says which instance is hit where a service has several */
    Saboteur(Processes processes, Journal journal, Random random, PrintStream progress) {
        this.processes = processes;
        this.journal = journal;
        this.random = random;
        this.progress = progress;
    }

    /**
     * Goes through the plan, or as far as time allows.
     *
     * @param pause between the recovery from a fault and the next fault
     * @param latest no fault begins after this moment of {@link System#nanoTime}
     */
    List<Blow> carryOut(Plan plan, Duration pause, long latest) throws InterruptedException {
        List<Blow> blows = new ArrayList<>();
        for (Fault fault : plan.faults()) {
            if (System.nanoTime() - latest > 0) {
                break;
            }
            Blow blow = strike(fault);
            blows.add(blow);
            progress.printf(
                    "%4d  %-28s %s%n",
                    blows.size(),
                    fault,
                    blow.millis() == null ? "work did not go on" : "works again after " + blow.millis() + " ms");
            Thread.sleep(pause);
        }
        return blows;
    }

    private Blow strike(Fault fault) throws InterruptedException {
        Running target = awaitRunning(fault.target());
        if (target == null) {
            return new Blow(fault, null);
        }
        long since = System.nanoTime();
        switch (fault.kind()) {
            case KILL -> target.kill();
            case STOP -> {
                List<ProcessIdentity> stopped = target.stop();
                try {
                    Thread.sleep(fault.lasts());
                } finally {
                    Running.goOn(stopped);
                }
                since = System.nanoTime();
            }
            case AWAY -> {
                long end = since + fault.lasts().toNanos();
                keepAway(fault.target(), () -> System.nanoTime() - end > 0);
                since = System.nanoTime();
            }
            case FLUSH -> flush(target);
        }
        return new Blow(fault, millisUntilWork(fault.target(), since));
    }

    /** The launcher starts it again: it dies again before it serves. */
    void keepAway(String target, BooleanSupplier over) throws InterruptedException {
        do {
            processes.instancesOf(target).forEach(Running::kill);
            Thread.sleep(POLL_MILLIS);
        } while (!over.getAsBoolean());
    }

    private static void flush(Running redis) {
        try {
            redis.flush();
        } catch (IOException e) {
            // It is just starting: then it is empty as well.
        }
    }

    private @Nullable Running awaitRunning(String target) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<Running> running = processes.instancesOf(target);
        while (running.isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(POLL_MILLIS);
            running = processes.instancesOf(target);
        }
        return running.isEmpty() ? null : running.get(random.nextInt(running.size()));
    }

    private @Nullable Long millisUntilWork(String target, long since) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            Long at = journal.workedAgain(target, since);
            if (at != null) {
                return Duration.ofNanos(at - since).toMillis();
            }
            Thread.sleep(POLL_MILLIS);
        }
        return null;
    }

    /**
     * A fault and what followed.
     *
     * @param millis from the fault, or the end of a stop or of being away, until a ticket posted after it was seen to be worked on by
     *     what had been hit; null if it never was
     */
    record Blow(Fault fault, @Nullable Long millis) {}
}
