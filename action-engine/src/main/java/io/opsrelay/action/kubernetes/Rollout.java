package io.opsrelay.action.kubernetes;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far a deployment has come, by the rules of {@code kubectl rollout status}. Pure. */
sealed interface Rollout {

    /** @param text how far, for a person */
    record UnderWay(String text) implements Rollout {}

    /** @param reason what the cluster says */
    record Failed(String reason) implements Rollout {}

    /** Every replica is of the newest revision, and available. */
    record Complete() implements Rollout {}

    static Rollout of(Deployment deployment) {
        return of(deployment, null);
    }

    /**
     * How far it has come since a change.
     *
     * @param since when the change was made: a deadline that was exceeded before says nothing of it, and the cluster keeps
     *     saying so until something progresses
     */
    static Rollout of(Deployment deployment, @Nullable Instant since) {
        DeploymentStatus status = deployment.getStatus();
        if (status == null || Snapshot.generationOf(deployment) > number(status.getObservedGeneration())) {
            return new UnderWay("the cluster has not begun yet");
        }
        String exceeded = deadlineExceeded(status, since);
        if (exceeded != null) {
            return new Failed(exceeded);
        }
        int wanted = Snapshot.replicasOf(deployment);
        int updated = number(status.getUpdatedReplicas());
        int all = number(status.getReplicas());
        int available = number(status.getAvailableReplicas());
        if (updated < wanted || available < updated) {
            return new UnderWay("%d of %d updated, %d available%s"
                    .formatted(updated, wanted, available, hindrance(deployment, status)));
        }
        if (all > updated) {
            return new UnderWay("%d of %d updated, %d old ones still end".formatted(updated, wanted, all - updated));
        }
        return new Complete();
    }

    private static @Nullable String deadlineExceeded(DeploymentStatus status, @Nullable Instant since) {
        return conditions(status).stream()
                .filter(condition -> condition.getType().equals("Progressing")
                        && Objects.equals(condition.getReason(), "ProgressDeadlineExceeded")
                        && isOf(condition, since))
                .map(condition -> condition.getMessage() == null
                        ? "the cluster saw no progress within its deadline"
                        : condition.getMessage())
                .findFirst()
                .orElse(null);
    }

    /** The cluster's times are whole seconds. */
    private static boolean isOf(DeploymentCondition condition, @Nullable Instant since) {
        return since == null
                || condition.getLastUpdateTime() == null
                || !Instant.parse(condition.getLastUpdateTime()).isBefore(since.truncatedTo(ChronoUnit.SECONDS));
    }

    /** What keeps pods from being made, if the cluster says so. */
    private static String hindrance(Deployment deployment, DeploymentStatus status) {
        if (Boolean.TRUE.equals(deployment.getSpec().getPaused())) {
            return "; somebody has paused it";
        }
        return conditions(status).stream()
                .filter(condition -> condition.getType().equals("ReplicaFailure")
                        && condition.getStatus().equals("True"))
                .map(condition -> "; " + condition.getMessage())
                .findFirst()
                .orElse("");
    }

    private static List<DeploymentCondition> conditions(DeploymentStatus status) {
        return status.getConditions() == null ? List.of() : status.getConditions();
    }

    private static int number(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }
}
