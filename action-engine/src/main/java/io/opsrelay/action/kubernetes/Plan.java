package io.opsrelay.action.kubernetes;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.deployment.DeploymentOrder;
import io.opsrelay.action.deployment.Operation;
import io.opsrelay.action.deployment.Scaling;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an order comes to on a deployment as it is. Pure. */
sealed interface Plan {

    /** The annotation by which kubectl restarts. */
    String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

    /** That change. */
    record Go(Edit edit) implements Plan {}

    /** No change, and why. */
    record No(Answer.Refused refused) implements Plan {}

    static Plan of(DeploymentOrder order, Snapshot now, String key, Instant at) {
        if (order.operation() != Operation.SCALE && now.paused()) {
            return no(
                    "deployment_paused",
                    "deployment %s is paused, so nothing would roll out; resume it first".formatted(now.name()));
        }
        return switch (order.operation()) {
            case RESTART, ROLLOUT -> restart(order.operation(), now, key, at);
            case ROLLBACK -> rollback(order, now, key, at);
            case SCALE -> scale(Objects.requireNonNull(order.scaling()), now, key, at);
        };
    }

    /** What takes back the change of {@code mark}; null where nothing is kept to go back to. */
    static @Nullable Edit undo(Mark mark, Snapshot now, String reason, Instant at) {
        Scaling before = mark.before();
        if (before != null) {
            Mark undone = mark.undone(reason, at, now.generation(), null);
            if (mark.scalesByBounds()) {
                return now.autoscaler() == null ? null : new Edit.Bounds(undone, before);
            }
            return new Edit.Replicas(undone, before.minReplicas());
        }
        return now.ofRevision(mark.revisionBefore())
                .map(Snapshot::templateOf)
                .map(template -> new Edit.Template(
                        mark.undone(reason, at, now.generation(), Fingerprint.of(template)), template))
                .orElse(null);
    }

    private static Plan restart(Operation operation, Snapshot now, String key, Instant at) {
        String restartedAt = at.truncatedTo(ChronoUnit.MILLIS).toString();
        PodTemplateSpec template = new PodTemplateSpecBuilder(now.template())
                .editOrNewMetadata()
                .addToAnnotations(RESTARTED_AT, restartedAt)
                .endMetadata()
                .build();
        return new Go(new Edit.Restart(
                Mark.template(key, operation, at, now.generation(), Fingerprint.of(template), now.standingRevision()),
                restartedAt));
    }

    private static Plan rollback(DeploymentOrder order, Snapshot now, String key, Instant at) {
        if (order.revision() != null && !order.revision().equals(now.revision())) {
            return no(
                    "revision_changed",
                    "deployment %s was at revision %s when this was decided and is at %s now: what it would go back to is another one"
                            .formatted(now.name(), order.revision(), now.revision()));
        }
        ReplicaSet previous = now.previous().orElse(null);
        if (previous == null) {
            return no(
                    "no_previous_revision",
                    "deployment %s keeps no earlier revision to go back to".formatted(now.name()));
        }
        PodTemplateSpec template = Snapshot.templateOf(previous);
        String fingerprint = Fingerprint.of(template);
        if (fingerprint.equals(Fingerprint.of(now.template()))) {
            return no(
                    "nothing_to_roll_back",
                    "deployment %s runs what its revision %s was already"
                            .formatted(now.name(), Snapshot.revisionOf(previous)));
        }
        return new Go(new Edit.Template(
                Mark.template(key, Operation.ROLLBACK, at, now.generation(), fingerprint, now.standingRevision()),
                template));
    }

    private static Plan scale(Scaling wanted, Snapshot now, String key, Instant at) {
        Scaling bounds = now.bounds();
        if (wanted.fixed()) {
            return bounds == null
                    ? new Go(new Edit.Replicas(
                            Mark.scaling(key, at, now.generation(), Scaling.to(now.replicas()), wanted),
                            wanted.minReplicas()))
                    : no(
                            "autoscaled",
                            "an autoscaler keeps %s between %d and %d replicas and would take the change back; ask for min_replicas and max_replicas that differ, to change its bounds"
                                    .formatted(now.name(), bounds.minReplicas(), bounds.maxReplicas()));
        }
        return bounds == null
                ? no(
                        "no_autoscaler",
                        "nothing scales %s by itself: ask for one number of replicas, not %s"
                                .formatted(now.name(), wanted))
                : new Go(new Edit.Bounds(
                        Mark.scaling(
                                key,
                                at,
                                Snapshot.generationOf(Objects.requireNonNull(now.autoscaler())),
                                bounds,
                                wanted),
                        wanted));
    }

    private static Plan no(String code, String reason) {
        return new No(new Answer.Refused(code, reason));
    }
}
