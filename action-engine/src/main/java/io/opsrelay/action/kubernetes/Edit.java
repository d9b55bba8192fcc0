package io.opsrelay.action.kubernetes;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.opsrelay.action.deployment.Scaling;

/** One change to make, with the mark that it leaves. */
sealed interface Edit {

    Mark mark();

    /**
     * All pods anew, as {@code kubectl rollout restart} does it.
     *
     * @param restartedAt the pod template's annotation
     */
    record Restart(Mark mark, String restartedAt) implements Edit {}

    /** Another pod template, as {@code kubectl rollout undo} does it. */
    record Template(Mark mark, PodTemplateSpec template) implements Edit {}

    /** Another number of replicas. */
    record Replicas(Mark mark, int replicas) implements Edit {}

    /** Other bounds for the autoscaler. */
    record Bounds(Mark mark, Scaling bounds) implements Edit {}
}
