package io.opsrelay.standalone.embedded;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.StartFailure;
import java.time.Duration;
import java.util.function.Consumer;

/** One process of the standalone mode: how to start it, whether it serves, how to end it. */
public interface Component {

    /** As people and logs call it, e.g. {@code kafka}. */
    String name();

    /** The TCP port it listens on. */
    int port();

    /** The TCP port of the loopback address on which it says whether it serves. */
    default int healthPort() {
        return port();
    }

    /**
     * Looks whether a start can succeed at all, before anything is started.
     *
     * @throws StartFailure if not, with the way out
     */
    default void check() {}

    /** How far it steps back for others when they want the processor, as {@code nice} counts. */
    default int niceness() {
        return 0;
    }

    /** Starts the process and returns at once. */
    ChildProcess launch();

    /** Whether it serves now; answers within about two seconds. */
    boolean healthy();

    /** How it is brought to its end without loss. */
    Ending ending();

    /** Whether a start that ended with this output is worth another try, since the cause goes away by itself. */
    default boolean passing(String output) {
        return false;
    }

    /**
     * Starts the process and returns when it serves.
     *
     * @param limit how long all of it may take
     * @param launched told of the process before it serves; more than once if a start had to be repeated
     * @throws StartFailure if it ended or did not serve in time; it does not run then
     */
    default ChildProcess start(Duration limit, Consumer<ChildProcess> launched) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Duration pause = Duration.ofMillis(200);
        while (true) {
            ChildProcess child = launch();
            launched.accept(child);
            if (servesBefore(deadline, child)) {
                return child;
            }
            String output = String.join("\n", child.lastLines(15)).strip();
            if (child.alive()) {
                child.end(ending());
                throw new StartFailure(
                        name() + " did not become ready within " + limit.toSeconds() + " s\n" + output.indent(4));
            }
            if (!passing(output) || System.nanoTime() + pause.toNanos() - deadline >= 0) {
                throw new StartFailure(
                        name() + " ended with exit code " + child.awaitExit() + " while starting\n" + output.indent(4));
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    /** {@link #start(Duration, Consumer)} for whoever needs no word in between. */
    default ChildProcess start(Duration limit) throws InterruptedException {
        return start(limit, _ -> {});
    }

    private boolean servesBefore(long deadline, ChildProcess child) throws InterruptedException {
        while (child.alive() && System.nanoTime() - deadline < 0) {
            // Healthy and alive in this order: another process on the same port must not pass for ours.
            if (healthy() && child.alive()) {
                return true;
            }
            Thread.sleep(Duration.ofMillis(50));
        }
        return false;
    }
}
