package io.opsrelay.action.kubernetes;

import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.deployment.DeploymentTarget;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;

/** Reads from clusters, again where that may help, and pauses in between. Pauses end when this service does. */
final class ClusterReader implements SmartLifecycle {

    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofMillis(200);

    private volatile CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean running;

    /** The deployment of a target that was resolved, with all that belongs to it. */
    Optional<Snapshot> snapshot(Cluster cluster, DeploymentTarget target) {
        return read(() -> cluster.snapshot(namespaceOf(target), target.service()));
    }

    /** What must be known to judge a change. */
    Optional<Seen> seen(Cluster cluster, DeploymentTarget target, boolean withAutoscaler) {
        String namespace = namespaceOf(target);
        return read(() -> cluster.deployment(namespace, target.service())
                .map(found ->
                        new Seen(found, withAutoscaler ? cluster.autoscaler(namespace, target.service()) : null)));
    }

    /** @throws OutcomeUnknownException if this service is being ended: its successor looks on */
    void pause(Duration length) {
        try {
            if (stopping.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new OutcomeUnknownException(
                        "this service is being ended itself; its successor asks for the outcome",
                        new InterruptedException());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknownException("interrupted while waiting for the cluster", e);
        }
    }

    private <T> T read(Supplier<T> request) {
        for (int attempt = 1; ; attempt++) {
            try {
                return request.get();
            } catch (ClusterException e) {
                if (!e.mayPass() || attempt == ATTEMPTS) {
                    throw e;
                }
                pause(PAUSE);
            }
        }
    }

    private static String namespaceOf(DeploymentTarget target) {
        return Objects.requireNonNull(target.namespace(), "the target was not resolved");
    }

    @Override
    public void start() {
        stopping = new CountDownLatch(1);
        running = true;
    }

    /** Lets go of what is waited for, before the workers are waited for. */
    @Override
    public void stop() {
        running = false;
        stopping.countDown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
