package io.opsrelay.action.standalone;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.deployment.Deployment;
import io.opsrelay.action.deployment.DeploymentOrder;
import io.opsrelay.action.deployment.DeploymentProvider;
import io.opsrelay.action.deployment.DeploymentState;
import io.opsrelay.action.deployment.DeploymentTarget;
import io.opsrelay.action.deployment.Operation;
import io.opsrelay.action.deployment.Scaling;
import io.opsrelay.action.deployment.UnreachableException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/**
 * OpsRelay's own services, through the launcher. The launcher journals each operation under its key before it begins and
 * answers at once; here the outcome is waited for. This service may itself be the one that is restarted: then the wait
 * ends with it, and its successor asks for the outcome.
 */
final class StandaloneDeployments implements DeploymentProvider, SmartLifecycle {

    private final LauncherClient launcher;
    private final LauncherProperties properties;
    private volatile CountDownLatch stopping = new CountDownLatch(1);
    private volatile boolean running;

    StandaloneDeployments(LauncherClient launcher, LauncherProperties properties) {
        this.launcher = launcher;
        this.properties = properties;
    }

    @Override
    public String targetType() {
        return "standalone";
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(Operation.RESTART, Operation.SCALE, Operation.ROLLOUT);
    }

    /** There is one machine: a place says nothing here. */
    @Override
    public DeploymentTarget resolve(DeploymentTarget target) {
        return target.at(null, null, null);
    }

    @Override
    public Optional<Deployment> find(DeploymentTarget target) {
        return told(target).map(StandaloneDeployments::described);
    }

    @Override
    public Optional<DeploymentState> look(DeploymentTarget target) {
        return told(target)
                .map(found -> DeploymentState.of(
                        described(found), found.ready(), found.lastStart().orElse(null)));
    }

    private static Deployment described(LauncherClient.LauncherService found) {
        return new Deployment(found.service(), found.replicas(), 1, found.maxReplicas(), null, Map.of());
    }

    private Optional<LauncherClient.LauncherService> told(DeploymentTarget target) {
        try {
            return launcher.service(target.service());
        } catch (IOException e) {
            throw new UnreachableException("the launcher does not answer: " + reasonOf(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted", e);
        }
    }

    /** The launcher rehearses nothing: what can be told beforehand is told from what it says of the service. */
    @Override
    public Optional<Answer.Refused> rehearse(DeploymentTarget target, DeploymentOrder order) {
        if (!operations().contains(order.operation())) {
            return Optional.of(new Answer.Refused(
                    "operation_not_offered",
                    "the launcher offers no " + order.operation().verb()));
        }
        Scaling scaling = order.scaling();
        if (scaling != null && !scaling.fixed()) {
            return Optional.of(new Answer.Refused(
                    "no_autoscaler",
                    "nothing scales %s by itself: ask for one number of replicas, not %s"
                            .formatted(target.service(), scaling)));
        }
        return Optional.empty();
    }

    @Override
    public Answer execute(String key, DeploymentTarget target, DeploymentOrder order, Progress progress) {
        Answer.Refused impossible = rehearse(target, order).orElse(null);
        if (impossible != null) {
            return impossible;
        }
        try {
            return switch (order(key, target, order)) {
                case LauncherClient.Ordered.Taken taken -> answerOf(follow(taken.operation(), progress));
                case LauncherClient.Ordered.Refused refused -> new Answer.Refused(refused.code(), refused.reason());
            };
        } catch (IOException e) {
            throw lost("the launcher's answer was lost: " + reasonOf(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lost("interrupted while waiting for the launcher", e);
        }
    }

    private LauncherClient.Ordered order(String key, DeploymentTarget target, DeploymentOrder order)
            throws IOException, InterruptedException {
        Scaling scaling = order.scaling();
        try {
            return launcher.order(
                    key,
                    order.operation().verb(),
                    target.service(),
                    scaling == null ? null : scaling.minReplicas(),
                    order.reason());
        } catch (IOException e) {
            if (LauncherClient.neverArrived(e)) {
                throw new UnreachableException("the launcher cannot be reached: " + reasonOf(e), e);
            }
            throw e;
        }
    }

    @Override
    public Optional<Answer> outcome(String key, DeploymentTarget target, DeploymentOrder order, Progress progress) {
        try {
            Optional<LauncherOperation> known = launcher.operation(key);
            if (known.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(answerOf(follow(known.get(), progress)));
        } catch (IOException e) {
            throw lost("the launcher does not tell: " + reasonOf(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lost("interrupted while asking the launcher", e);
        }
    }

    /** Waits for the operation's end and passes on each of its steps once. */
    private LauncherOperation follow(LauncherOperation operation, Progress progress)
            throws IOException, InterruptedException {
        LauncherOperation now = operation;
        int told = 0;
        while (true) {
            for (; told < now.steps().size(); told++) {
                progress.step(now.steps().get(told).text());
            }
            if (!now.isRunning()) {
                return now;
            }
            if (stopping.await(properties.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("this service is being ended itself; its successor asks for the outcome");
            }
            now = launcher.operation(now.key())
                    .orElseThrow(() -> new IOException("the launcher has forgotten operation " + operation.key()));
        }
    }

    private static Answer answerOf(LauncherOperation ended) {
        if (!ended.hasSucceeded()) {
            String failure = ended.failure();
            return new Answer.Refused("operation_failed", failure == null ? "the launcher gives no reason" : failure);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("service_name", ended.service());
        result.put("operation", ended.kind());
        if (ended.replicas() != null) {
            result.put("replicas", ended.replicas());
        }
        if (ended.finishedAt() != null) {
            result.put("finished_at", ended.finishedAt());
        }
        return new Answer.Done(result);
    }

    private static OutcomeUnknownException lost(String reason, Exception cause) {
        return new OutcomeUnknownException(reason, cause);
    }

    private static String reasonOf(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
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
