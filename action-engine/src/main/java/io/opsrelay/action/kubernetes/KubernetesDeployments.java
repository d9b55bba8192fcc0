package io.opsrelay.action.kubernetes;

import io.micrometer.core.instrument.MeterRegistry;
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
import io.opsrelay.action.deployment.TargetRefusedException;
import io.opsrelay.action.deployment.UnreachableException;
import io.opsrelay.action.kubernetes.ClusterException.Fault;
import io.opsrelay.action.kubernetes.Seen.Standing;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Deployments in the clusters of one target type. A change and the mark of its action reach the cluster together, so
 * that the cluster can tell whether it was made; see {@link Mark}.
 */
final class KubernetesDeployments implements DeploymentProvider {

    private static final int MOST_REPLICAS = 1000;

    private final String targetType;
    private final Clusters clusters;
    private final KubernetesProperties properties;
    private final ClusterReader reader;
    private final RolloutWatch watch;
    private final Clock clock;
    private final MeterRegistry registry;

    KubernetesDeployments(
            String targetType,
            Clusters clusters,
            KubernetesProperties properties,
            ClusterReader reader,
            Clock clock,
            MeterRegistry registry) {
        this.targetType = targetType;
        this.clusters = clusters;
        this.properties = properties;
        this.reader = reader;
        this.watch = new RolloutWatch(properties, reader, clock, registry);
        this.clock = clock;
        this.registry = registry;
    }

    @Override
    public String targetType() {
        return targetType;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(Operation.values());
    }

    @Override
    public DeploymentTarget resolve(DeploymentTarget target) {
        return clusters.resolve(target);
    }

    @Override
    public Optional<Deployment> find(DeploymentTarget target) {
        Cluster cluster = clusters.of(target);
        return snapshot(cluster, target)
                .map(found -> new Deployment(
                        found.name(),
                        found.replicas(),
                        1,
                        MOST_REPLICAS,
                        cluster.properties().environment(),
                        details(found)));
    }

    @Override
    public List<DeploymentTarget> places(DeploymentTarget target) {
        return clusters.places(target);
    }

    /** One question, asked once: who looks at a list of many sees soon enough that a cluster is away. */
    @Override
    public Optional<DeploymentState> look(DeploymentTarget target) {
        Cluster cluster = clusters.of(target);
        return reading(() -> cluster.deployment(Objects.requireNonNull(target.namespace()), target.service()))
                .map(found -> new DeploymentState(
                        Snapshot.replicasOf(found),
                        Snapshot.readyOf(found),
                        null,
                        cluster.properties().environment(),
                        Snapshot.imagesOf(found.getSpec().getTemplate()),
                        Snapshot.revisionOf(found),
                        inWords(Rollout.of(found)),
                        lastChange(found)));
    }

    /** The newest of what the cluster says of its rollouts and what our marks say. */
    private static @Nullable Instant lastChange(io.fabric8.kubernetes.api.model.apps.Deployment found) {
        return Stream.concat(
                        Snapshot.progressedAt(found).stream(),
                        Marks.at(found).newestFirst().stream()
                                .map(mark -> mark.failedAt() == null ? mark.at() : mark.failedAt()))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private static String inWords(Rollout rollout) {
        return switch (rollout) {
            case Rollout.Complete complete -> "complete";
            case Rollout.UnderWay(String text) -> text;
            case Rollout.Failed(String reason) -> "failed: " + reason;
        };
    }

    private static Map<String, Object> details(Snapshot found) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("image", Snapshot.imagesOf(found.template()));
        String revision = found.revision();
        if (revision != null) {
            details.put("revision", revision);
        }
        found.previous()
                .ifPresent(previous ->
                        details.put(Deployment.PREVIOUS_IMAGE, Snapshot.imagesOf(Snapshot.templateOf(previous))));
        details.put("strategy", found.strategy());
        details.put("paused", found.paused());
        Scaling bounds = found.bounds();
        if (bounds != null) {
            details.put(Deployment.AUTOSCALER, Map.of("min", bounds.minReplicas(), "max", bounds.maxReplicas()));
        }
        details.put("rollout", inWords(Rollout.of(found.deployment())));
        return details;
    }

    @Override
    public Optional<Answer.Refused> rehearse(DeploymentTarget target, DeploymentOrder order) {
        Cluster cluster = clusters.of(target);
        for (int attempt = 1; ; attempt++) {
            Snapshot now = snapshot(cluster, target).orElse(null);
            if (now == null) {
                return Optional.of(gone(target));
            }
            switch (Plan.of(order, now, "rehearsal", clock.instant())) {
                case Plan.No(Answer.Refused refused) -> {
                    return Optional.of(refused);
                }
                case Plan.Go(Edit edit) -> {
                    try {
                        cluster.rehearse(edit, now);
                        return Optional.empty();
                    } catch (ClusterException e) {
                        if (e.fault() != Fault.CONFLICT || attempt == properties.conflictAttempts()) {
                            Answer.Refused refused = refusal(e);
                            if (refused == null) {
                                throw new UnreachableException(e.reason(), e);
                            }
                            return Optional.of(refused);
                        }
                    }
                }
            }
        }
    }

    @Override
    public Answer execute(String key, DeploymentTarget target, DeploymentOrder order, Progress progress) {
        Cluster cluster = clusters.of(target);
        for (int attempt = 1; ; attempt++) {
            Snapshot now = snapshot(cluster, target).orElse(null);
            if (now == null) {
                return gone(target);
            }
            Mark earlier = earlier(now, key, attempt > 1);
            if (earlier != null) {
                return watch.follow(cluster, target, earlier, progress);
            }
            switch (Plan.of(order, now, key, clock.instant())) {
                case Plan.No(Answer.Refused refused) -> {
                    return refused;
                }
                case Plan.Go(Edit edit) -> {
                    try {
                        cluster.make(edit, now);
                        KubernetesMetric.TAKEN.count(registry, cluster, order.operation());
                        progress.step(
                                "%s has taken it".formatted(cluster.properties().name()));
                        return watch.follow(cluster, target, edit.mark(), progress);
                    } catch (ClusterException e) {
                        if (!again(e, attempt)) {
                            return answer(e);
                        }
                        KubernetesMetric.CONFLICT.count(registry, cluster, order.operation());
                        progress.step("it is tried again: " + e.reason());
                    }
                }
            }
        }
    }

    /** Whether nothing was done and another attempt may fare better. */
    private boolean again(ClusterException e, int attempt) {
        if (attempt == properties.conflictAttempts() || (e.fault() != Fault.CONFLICT && e.fault() != Fault.THROTTLED)) {
            return false;
        }
        reader.pause(properties.pollInterval());
        return true;
    }

    /**
     * What was made of this action before.
     *
     * @param refused whether the cluster has refused an attempt just now: a mark then proves nothing by itself
     */
    private static @Nullable Mark earlier(Snapshot now, String key, boolean refused) {
        Seen seen = new Seen(now.deployment(), now.autoscaler());
        Mark mark = seen.mark(key).orElse(null);
        if (mark == null) {
            return null;
        }
        Standing standing = seen.standing(mark);
        return standing == Standing.STANDS || (standing == Standing.OVERTAKEN && !refused) || mark.failure() != null
                ? mark
                : null;
    }

    private static Answer answer(ClusterException e) {
        Answer.Refused refused = refusal(e);
        if (refused != null) {
            return refused;
        }
        if (e.fault() == Fault.UNCLEAR) {
            throw new OutcomeUnknownException(e.reason(), e);
        }
        throw new UnreachableException(e.reason(), e);
    }

    /** What the cluster refuses for good; null where it may be otherwise later. */
    private static Answer.@Nullable Refused refusal(ClusterException e) {
        return switch (e.fault()) {
            case NOT_FOUND -> new Answer.Refused("unknown_service", e.reason());
            case CONFLICT -> new Answer.Refused("conflict", "others keep changing it: " + e.reason());
            case FORBIDDEN -> new Answer.Refused("forbidden", e.reason());
            case INVALID -> new Answer.Refused("rejected_by_cluster", e.reason());
            case UNAUTHORIZED, THROTTLED, NEVER_ARRIVED, UNCLEAR -> null;
        };
    }

    @Override
    public Optional<Answer> outcome(String key, DeploymentTarget target, DeploymentOrder order, Progress progress) {
        Cluster cluster = clusters.of(target);
        Scaling scaling = order.scaling();
        Seen seen;
        try {
            seen = reader.seen(cluster, target, scaling != null && !scaling.fixed())
                    .orElse(null);
        } catch (ClusterException e) {
            throw new OutcomeUnknownException(e.reason(), e);
        }
        if (seen == null) {
            return Optional.of(gone(target));
        }
        Mark mark = seen.mark(key).orElse(null);
        if (mark == null || (mark.failure() == null && seen.standing(mark) == Standing.NOT_MADE)) {
            return Optional.empty();
        }
        return Optional.of(watch.follow(cluster, target, mark, progress));
    }

    private Optional<Snapshot> snapshot(Cluster cluster, DeploymentTarget target) {
        return reading(() -> reader.snapshot(cluster, target));
    }

    private static <T> T reading(Supplier<T> question) {
        try {
            return question.get();
        } catch (ClusterException e) {
            if (e.fault() == Fault.FORBIDDEN) {
                throw new TargetRefusedException("service_name", "forbidden", "cannot be looked at: " + e.reason());
            }
            throw new UnreachableException(e.reason(), e);
        } catch (OutcomeUnknownException e) {
            // Only read so far.
            throw new UnreachableException(e.reason(), e);
        }
    }

    private static Answer.Refused gone(DeploymentTarget target) {
        return new Answer.Refused("unknown_service", "there is no deployment " + target.key());
    }
}
