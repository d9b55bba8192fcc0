package io.opsrelay.action.kubernetes;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.deployment.DeploymentTarget;
import io.opsrelay.action.deployment.TargetRefusedException;
import io.opsrelay.action.kubernetes.Seen.Standing;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Watches what was changed to its end, and takes it back when it fails. All that it must know stands in the cluster. */
final class RolloutWatch {

    private final KubernetesProperties properties;
    private final ClusterReader reader;
    private final Clock clock;
    private final MeterRegistry registry;

    RolloutWatch(KubernetesProperties properties, ClusterReader reader, Clock clock, MeterRegistry registry) {
        this.properties = properties;
        this.reader = reader;
        this.clock = clock;
        this.registry = registry;
    }

    /**
     * How the change with that mark ended; waits until it has.
     *
     * @throws OutcomeUnknownException if the cluster does not tell
     */
    Answer follow(Cluster cluster, DeploymentTarget target, Mark begun, Progress progress) {
        Mark mark = begun;
        String told = "";
        while (true) {
            Seen seen = see(cluster, target, mark);
            if (seen == null) {
                return new Answer.Refused(
                        "deployment_gone", target.key() + " was deleted before the change had come to its end");
            }
            mark = current(seen, mark);
            switch (Verdict.of(mark, seen, due(mark), clock.instant())) {
                case Verdict.Done(boolean overtaken) -> {
                    return new Answer.Done(result(target, mark, seen, overtaken));
                }
                case Verdict.Refused(String code, String reason) -> {
                    return new Answer.Refused(code, reason);
                }
                case Verdict.Undo(String reason) -> {
                    progress.step("it failed and is undone: " + reason);
                    Answer.Refused left = undo(cluster, target, mark, reason);
                    if (left != null) {
                        KubernetesMetric.NOT_UNDONE.count(registry, cluster, mark.operation());
                        return left;
                    }
                    KubernetesMetric.UNDONE.count(registry, cluster, mark.operation());
                }
                case Verdict.Wait(String text) -> {
                    if (!text.equals(told)) {
                        progress.step(text);
                        told = text;
                    }
                    reader.pause(properties.pollInterval());
                }
            }
        }
    }

    private Instant due(Mark mark) {
        Instant failedAt = mark.failedAt();
        return failedAt == null ? mark.at().plus(properties.rolloutTimeout()) : failedAt.plus(properties.undoTimeout());
    }

    private @Nullable Seen see(Cluster cluster, DeploymentTarget target, Mark mark) {
        try {
            return reader.seen(cluster, target, mark.scalesByBounds()).orElse(null);
        } catch (ClusterException e) {
            throw new OutcomeUnknownException("the change was taken; how it ends is not known: " + e.reason(), e);
        }
    }

    /** Another watcher may have undone it. */
    private static Mark current(Seen seen, Mark mark) {
        try {
            return seen.mark(mark.key()).orElse(mark);
        } catch (TargetRefusedException e) {
            throw new OutcomeUnknownException("the change was taken; its deployment " + e.reason(), e);
        }
    }

    /** @return why it could not be undone; null when it was, or when there is nothing to undo any more */
    private Answer.@Nullable Refused undo(Cluster cluster, DeploymentTarget target, Mark mark, String reason) {
        String hindrance = "others kept changing the deployment";
        for (int attempt = 1; attempt <= properties.conflictAttempts(); attempt++) {
            try {
                Snapshot now = reader.snapshot(cluster, target).orElse(null);
                if (now == null || !isToUndo(now, mark)) {
                    return null;
                }
                Edit edit = Plan.undo(mark, now, reason, clock.instant());
                if (edit == null) {
                    hindrance = "the cluster keeps nothing to go back to";
                    break;
                }
                cluster.make(edit, now);
                return null;
            } catch (ClusterException e) {
                hindrance = e.reason();
                reader.pause(properties.pollInterval());
            }
        }
        return new Answer.Refused(
                "rollout_failed",
                "%s; it could NOT be undone, look at %s: %s".formatted(reason, target.key(), hindrance));
    }

    /** An attempt before may have arrived after all, and others may have changed something. */
    private static boolean isToUndo(Snapshot now, Mark mark) {
        Seen seen = new Seen(now.deployment(), now.autoscaler());
        Mark current = current(seen, mark);
        Standing standing = seen.standing(current);
        return current.failure() == null ? standing == Standing.STANDS : standing == Standing.NOT_MADE;
    }

    private static Map<String, Object> result(DeploymentTarget target, Mark mark, Seen seen, boolean overtaken) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("service_name", target.service());
        result.put("target", target.key());
        result.put("operation", mark.operation().verb());
        result.put("replicas", Snapshot.replicasOf(seen.deployment()));
        result.put("image", Snapshot.imagesOf(seen.deployment().getSpec().getTemplate()));
        String revision = Snapshot.revisionOf(seen.deployment());
        if (revision != null) {
            result.put("revision", revision);
        }
        if (overtaken) {
            result.put("overtaken", true);
        }
        return result;
    }
}
