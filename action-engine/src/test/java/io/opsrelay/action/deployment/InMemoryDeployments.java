package io.opsrelay.action.deployment;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Deployments that are numbers in memory, with a journal that is only ever added to. */
public final class InMemoryDeployments implements DeploymentProvider {

    /** One line of the journal. */
    public record Entry(
            String key,
            String target,
            Operation operation,
            @Nullable Scaling scaling) {}

    private final String targetType;
    private final Map<String, Integer> replicas = new LinkedHashMap<>();
    private final List<Entry> journal = new ArrayList<>();
    private boolean losesAnswers;
    private boolean vanished;
    private boolean held;

    public InMemoryDeployments(String targetType) {
        this.targetType = targetType;
    }

    /** A deployment of that many instances. */
    public synchronized void deploy(String service, int instances) {
        replicas.put(service, instances);
    }

    /** All that was done, the oldest first. */
    public synchronized List<Entry> journal() {
        return List.copyOf(journal);
    }

    public synchronized void loseAnswer() {
        losesAnswers = true;
    }

    /** From now on whoever asks for an outcome waits until {@link #letGo}. */
    public synchronized void hold() {
        held = true;
    }

    public synchronized void letGo() {
        held = false;
        notifyAll();
    }

    public synchronized void vanish() {
        vanished = true;
    }

    @Override
    public String targetType() {
        return targetType;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(Operation.RESTART, Operation.SCALE);
    }

    @Override
    public synchronized Optional<Deployment> find(DeploymentTarget target) {
        reach();
        return Optional.ofNullable(replicas.get(target.service()))
                .map(instances -> new Deployment(target.service(), instances, 1, 9, "test", Map.of("image", "memory")));
    }

    @Override
    public synchronized Optional<Answer.Refused> rehearse(DeploymentTarget target, DeploymentOrder order) {
        reach();
        Scaling scaling = order.scaling();
        if (!operations().contains(order.operation())) {
            return Optional.of(new Answer.Refused("operation_not_offered", "not here"));
        }
        if (scaling != null && !scaling.fixed()) {
            return Optional.of(new Answer.Refused("no_autoscaler", "nothing scales by itself here"));
        }
        return replicas.containsKey(target.service())
                ? Optional.empty()
                : Optional.of(new Answer.Refused("unknown_service", "there is no " + target.service()));
    }

    @Override
    public synchronized Answer execute(String key, DeploymentTarget target, DeploymentOrder order, Progress progress) {
        Answer.Refused refused = rehearse(target, order).orElse(null);
        if (refused != null) {
            return refused;
        }
        Optional<Answer> earlier = outcome(key, target, order, progress);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        journal.add(new Entry(key, target.key(), order.operation(), order.scaling()));
        Scaling scaling = order.scaling();
        if (scaling != null) {
            replicas.put(target.service(), scaling.minReplicas());
        }
        if (losesAnswers) {
            losesAnswers = false;
            throw new OutcomeUnknownException("lost", new IOException());
        }
        return done(target, order);
    }

    @Override
    public synchronized Optional<Answer> outcome(
            String key, DeploymentTarget target, DeploymentOrder order, Progress progress) {
        if (vanished) {
            throw new OutcomeUnknownException("vanished", new IOException());
        }
        if (journal.stream().noneMatch(entry -> entry.key().equals(key))) {
            return Optional.empty();
        }
        progress.step(target.service() + " is at work");
        try {
            while (held) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutcomeUnknownException("interrupted", e);
        }
        return Optional.of(done(target, order));
    }

    private static Answer done(DeploymentTarget target, DeploymentOrder order) {
        return new Answer.Done(Map.of(
                "service_name", target.service(), "operation", order.operation().verb()));
    }

    private void reach() {
        if (vanished) {
            throw new UnreachableException("vanished", new IOException());
        }
    }
}
