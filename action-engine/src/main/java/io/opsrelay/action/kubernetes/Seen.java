package io.opsrelay.action.kubernetes;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.opsrelay.action.deployment.Scaling;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What must be known to judge how a change came out.
 *
 * @param autoscaler with a change of its bounds only
 */
record Seen(Deployment deployment, @Nullable HorizontalPodAutoscaler autoscaler) {

    /** Whether a change is what holds now. */
    enum Standing {
        STANDS,
        /** It was begun, and nothing came of it yet. */
        NOT_MADE,
        /** Something else has been changed since. */
        OVERTAKEN
    }

    /** The mark of that key, as the object that it is at shows it now. */
    Optional<Mark> mark(String key) {
        Optional<Mark> atDeployment = Marks.at(deployment).find(key);
        return atDeployment.isPresent() || autoscaler == null
                ? atDeployment
                : Marks.at(autoscaler).find(key);
    }

    Standing standing(Mark mark) {
        Scaling expected = mark.expected();
        if (expected == null) {
            return Fingerprint.of(deployment.getSpec().getTemplate()).equals(mark.template())
                    ? Standing.STANDS
                    : Standing.OVERTAKEN;
        }
        if (mark.scalesByBounds()) {
            return autoscaler != null && Objects.equals(Snapshot.boundsOf(autoscaler), expected)
                    ? Standing.STANDS
                    : Standing.OVERTAKEN;
        }
        if (Snapshot.replicasOf(deployment) == expected.minReplicas()) {
            return Standing.STANDS;
        }
        return Snapshot.generationOf(deployment) == mark.generation() ? Standing.NOT_MADE : Standing.OVERTAKEN;
    }
}
