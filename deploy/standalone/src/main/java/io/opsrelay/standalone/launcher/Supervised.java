package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.ProcessorShare;
import io.opsrelay.standalone.process.StartFailure;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One component that is kept running: started, and started again with growing pauses whenever it ends. */
final class Supervised {

    private static final Duration START_LIMIT = Duration.ofMinutes(4);
    /** A component that was never ready and fails this often is broken, not unlucky. */
    private static final int TRIES = 3;

    /**
     * What has died is what all others wait for, and they ask again and again meanwhile: of two busy cores it would get a
     * share among dozens, and take a minute to start.
     */
    private static final int NICENESS_OF_RESTARTS = -10;

    /** For so long after it serves again it goes on before others: by code that is still slow it has to catch up. */
    private static final Duration AHEAD = Duration.ofSeconds(5);

    private final Component component;
    private final Console console;
    private final Home home;
    private final Runnable changed;
    private final Backoff backoff = new Backoff();
    private final CompletableFuture<Void> firstReady = new CompletableFuture<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean ending;
    private volatile boolean ready;
    private volatile boolean pausing;
    private int starts;
    private @Nullable ChildProcess current;

    /** @param changed called whenever it serves, and whenever it has ended by itself */
    Supervised(Component component, Console console, Home home, Runnable changed) {
        this.component = component;
        this.console = console;
        this.home = home;
        this.changed = changed;
        this.thread =
                Thread.ofPlatform().daemon().name("keep-" + component.name()).unstarted(this::keepRunning);
    }

    String name() {
        return component.name();
    }

    void begin() {
        thread.start();
    }

    /** Completes when it serves for the first time; fails with {@link StartFailure} if it never does. */
    CompletableFuture<Void> firstReady() {
        return firstReady;
    }

    /** Whether it was seen to serve and has not ended since. */
    boolean ready() {
        return ready;
    }

    /** Whether it has ended and waits for its next start. */
    boolean pausing() {
        return pausing;
    }

    /** The process, if it runs. */
    synchronized Optional<ChildProcess> child() {
        return Optional.ofNullable(current).filter(ChildProcess::alive);
    }

    /** How often it was started again. */
    synchronized int restarts() {
        return Math.max(0, starts - 1);
    }

    /** Ends it, for good; returns when it is gone. */
    void end() {
        ChildProcess child;
        synchronized (this) {
            ending = true;
            child = current;
        }
        thread.interrupt();
        if (child != null) {
            child.end(component.ending());
        }
        firstReady.completeExceptionally(new StartFailure(name() + " was ended"));
        try {
            if (thread.isAlive()) {
                done.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ProcessFile.delete(runFolder(), name());
    }

    private void keepRunning() {
        try {
            int failures = 0;
            while (!ending) {
                Duration served = Duration.ZERO;
                String event;
                try {
                    long since = startAndAnswerWhenReady();
                    failures = 0;
                    int exit = awaitExit();
                    served = Duration.ofNanos(System.nanoTime() - since);
                    event = name() + " ended with exit code " + exit + " after " + Console.inSeconds(served);
                } catch (StartFailure | UncheckedIOException | IllegalStateException e) {
                    failures++;
                    event = e.getMessage() == null ? e.toString() : e.getMessage();
                    if (!firstReady.isDone() && failures >= TRIES) {
                        firstReady.completeExceptionally(new StartFailure(
                                event + "\nIt failed " + TRIES + " times; all of its output: " + home.log(name()), e));
                    }
                }
                if (ending) {
                    return;
                }
                Duration pause = backoff.after(served);
                console.event(event.stripTrailing() + "\n" + name() + " is started again "
                        + (pause.isZero() ? "at once" : "in " + Console.inSeconds(pause)));
                pausing = true;
                Thread.sleep(pause);
                pausing = false;
            }
        } catch (InterruptedException e) {
            // Only end() interrupts.
        } finally {
            ready = false;
            done.countDown();
        }
    }

    /** Answers the moment, as of {@link System#nanoTime()}. */
    private long startAndAnswerWhenReady() throws InterruptedException {
        long began = System.nanoTime();
        ChildProcess child = component.start(START_LIMIT, this::launched);
        if (restarts() == 0) {
            share(child, component.niceness());
        }
        long served = System.nanoTime();
        console.event("%-18s ready  after %s  port %d  pid %d"
                .formatted(
                        name(),
                        Console.inSeconds(Duration.ofNanos(served - began)),
                        component.port(),
                        child.identity().pid()));
        this.ready = true;
        changed.run();
        firstReady.complete(null);
        return served;
    }

    private int awaitExit() throws InterruptedException {
        ChildProcess child;
        synchronized (this) {
            child = current;
        }
        if (child != null && restarts() > 0 && !child.awaitExit(AHEAD)) {
            share(child, component.niceness());
        }
        int exit = child == null ? 0 : child.awaitExit();
        ready = false;
        if (!ending) {
            changed.run();
        }
        ProcessFile.delete(runFolder(), name());
        return exit;
    }

    private void launched(ChildProcess child) {
        boolean tooLate;
        synchronized (this) {
            current = child;
            tooLate = ending;
            ProcessFile.of(child, component, starts++).write(runFolder());
        }
        if (tooLate) {
            child.end(component.ending());
        } else if (restarts() > 0) {
            share(child, NICENESS_OF_RESTARTS);
        }
    }

    private static void share(ChildProcess child, int niceness) {
        try {
            ProcessorShare.set(child.identity(), niceness);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is being ended
        }
    }

    private Path runFolder() {
        return home.run();
    }
}
