package io.opsrelay.benchmarks.gateways;

import io.opsrelay.benchmarks.faults.Processes.Running;
import io.opsrelay.benchmarks.jvm.ServiceJar;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ending;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** One of the gateways, over all its starts. */
final class Gateway {

    private final String name;
    private final int port;
    private final Supplier<ChildProcess> starter;
    private volatile ChildProcess process;
    private final AtomicInteger starts = new AtomicInteger(1);

    /** Starts it. */
    Gateway(String name, int port, Supplier<ChildProcess> starter) {
        this.name = name;
        this.port = port;
        this.starter = starter;
        this.process = starter.get();
    }

    String name() {
        return name;
    }

    /** Tells its processes apart. */
    String incarnation() {
        return name + "#" + starts.get();
    }

    URI address() {
        return URI.create("ws://127.0.0.1:" + port + "/api/v1/stream");
    }

    boolean isReady() {
        return process.alive() && ServiceJar.isReady(port);
    }

    void awaitReady(Duration limit) throws InterruptedException {
        ServiceJar.awaitReady(process, port, limit);
    }

    /** The process that runs now. */
    Running running() {
        return new Running(process.identity(), port);
    }

    void askToStop() {
        process.identity().signal(EndSignal.TERM);
    }

    /** Starts it anew; returns before it is ready. */
    void startAgain() {
        starts.incrementAndGet();
        process = starter.get();
    }

    void awaitEnd(Duration limit) throws InterruptedException {
        if (!process.awaitExit(limit)) {
            throw new IllegalStateException(name + " did not end within " + limit.toSeconds() + " s");
        }
    }

    void end() {
        process.end(Ending.politely(Duration.ofSeconds(15)));
    }
}
