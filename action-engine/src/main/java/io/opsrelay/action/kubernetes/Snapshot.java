package io.opsrelay.action.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.opsrelay.action.deployment.Scaling;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A deployment and what belongs to it, as the cluster told them.
 *
 * @param history its ReplicaSets, the newest revision first
 * @param autoscaler what chooses its number of replicas, if anything does
 */
record Snapshot(
        Deployment deployment,
        List<ReplicaSet> history,
        @Nullable HorizontalPodAutoscaler autoscaler) {

    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String TEMPLATE_HASH = "pod-template-hash";

    Snapshot {
        String uid = deployment.getMetadata().getUid();
        // By owner, not by label: labels may overlap with those of another deployment.
        history = history.stream()
                .filter(set -> set.getMetadata().getOwnerReferences().stream()
                        .anyMatch(owner ->
                                Objects.equals(owner.getUid(), uid) && Boolean.TRUE.equals(owner.getController())))
                .sorted(Comparator.comparingLong((ReplicaSet set) -> number(revisionOf(set)))
                        .reversed())
                .toList();
    }

    String name() {
        return deployment.getMetadata().getName();
    }

    long generation() {
        return generationOf(deployment);
    }

    int replicas() {
        return replicasOf(deployment);
    }

    @Nullable
    String revision() {
        return revisionOf(deployment);
    }

    PodTemplateSpec template() {
        return deployment.getSpec().getTemplate();
    }

    boolean paused() {
        return Boolean.TRUE.equals(deployment.getSpec().getPaused());
    }

    /** What a rollback goes to: the newest revision but the one that runs. */
    Optional<ReplicaSet> previous() {
        if (running().isEmpty() && takenUp()) {
            return history.stream().skip(1).findFirst();
        }
        // Where the newest change has no revision yet, the newest revision is the one before it, and not the second
        // newest.
        String fingerprint = Fingerprint.of(template());
        return history.stream()
                .filter(set -> !Fingerprint.of(templateOf(set)).equals(fingerprint))
                .findFirst();
    }

    /**
     * The revision to put back if the next change fails: that of the template which stands now. A deployment still names the
     * one before while the cluster has not taken up its newest template.
     *
     * @return null if the template that stands has no revision yet
     */
    @Nullable
    String standingRevision() {
        return running().map(Snapshot::revisionOf).orElseGet(() -> takenUp() ? revision() : null);
    }

    private Optional<ReplicaSet> running() {
        String fingerprint = Fingerprint.of(template());
        return history.stream()
                .filter(set -> Fingerprint.of(templateOf(set)).equals(fingerprint))
                .findFirst();
    }

    private boolean takenUp() {
        DeploymentStatus status = deployment.getStatus();
        return status != null
                && status.getObservedGeneration() != null
                && status.getObservedGeneration() >= generation();
    }

    Optional<ReplicaSet> ofRevision(@Nullable String revision) {
        return revision == null
                ? Optional.empty()
                : history.stream()
                        .filter(set -> revision.equals(revisionOf(set)))
                        .findFirst();
    }

    @Nullable
    Scaling bounds() {
        return autoscaler == null ? null : boundsOf(autoscaler);
    }

    String strategy() {
        DeploymentStrategy strategy = deployment.getSpec().getStrategy();
        if (strategy == null || strategy.getRollingUpdate() == null) {
            return strategy == null || strategy.getType() == null ? "RollingUpdate" : strategy.getType();
        }
        return "%s, at most %s more and %s fewer at once"
                .formatted(
                        strategy.getType(),
                        strategy.getRollingUpdate().getMaxSurge(),
                        strategy.getRollingUpdate().getMaxUnavailable());
    }

    static Scaling boundsOf(HorizontalPodAutoscaler autoscaler) {
        Integer least = autoscaler.getSpec().getMinReplicas();
        return new Scaling(least == null ? 1 : least, autoscaler.getSpec().getMaxReplicas());
    }

    static int replicasOf(Deployment deployment) {
        Integer replicas = deployment.getSpec().getReplicas();
        return replicas == null ? 1 : replicas;
    }

    static int readyOf(Deployment deployment) {
        DeploymentStatus status = deployment.getStatus();
        return status == null || status.getReadyReplicas() == null ? 0 : status.getReadyReplicas();
    }

    /** When its newest rollout was seen to move. */
    static Optional<Instant> progressedAt(Deployment deployment) {
        DeploymentStatus status = deployment.getStatus();
        return status == null || status.getConditions() == null
                ? Optional.empty()
                : status.getConditions().stream()
                        .filter(condition ->
                                condition.getType().equals("Progressing") && condition.getLastUpdateTime() != null)
                        .map(condition -> Instant.parse(condition.getLastUpdateTime()))
                        .findFirst();
    }

    static long generationOf(HasMetadata object) {
        Long generation = object.getMetadata().getGeneration();
        return generation == null ? 0 : generation;
    }

    static @Nullable String revisionOf(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(REVISION);
    }

    static String imagesOf(PodTemplateSpec template) {
        return template.getSpec().getContainers().stream()
                .map(Container::getImage)
                .collect(Collectors.joining(", "));
    }

    /** The pod template as the deployment had it. */
    static PodTemplateSpec templateOf(ReplicaSet set) {
        return new PodTemplateSpecBuilder(set.getSpec().getTemplate())
                .editMetadata()
                .removeFromLabels(TEMPLATE_HASH)
                .endMetadata()
                .build();
    }

    private static long number(@Nullable String revision) {
        return revision != null && revision.matches("[0-9]{1,18}") ? Long.parseLong(revision) : 0;
    }
}
