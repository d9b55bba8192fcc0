package io.opsrelay.action.deployment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a deployment stands now, for a list of many.
 *
 * @param replicas instances that shall run
 * @param ready those of them that serve, where the provider tells
 * @param autoscaler the bounds within which the number is chosen, where something chooses it and that is told
 * @param environment what it serves, e.g. {@code production}, where that is known
 * @param image what runs, where the provider tells
 * @param revision of what runs, where the provider keeps any
 * @param rollout how the newest change stands, for a person: {@code complete}, {@code 1 of 3 updated}
 * @param changedAt when it was changed last, as far as the provider knows
 */
public record DeploymentState(
        int replicas,
        @Nullable Integer ready,
        @Nullable Scaling autoscaler,
        @Nullable String environment,
        @Nullable String image,
        @Nullable String revision,
        @Nullable String rollout,
        @Nullable Instant changedAt) {

    /** Of what is known for whoever decides about it. */
    public static DeploymentState of(Deployment found, @Nullable Integer ready, @Nullable Instant changedAt) {
        return new DeploymentState(
                found.replicas(),
                ready,
                found.autoscaler(),
                found.environment(),
                text(found, "image"),
                text(found, "revision"),
                text(found, "rollout"),
                changedAt);
    }

    private static @Nullable String text(Deployment found, String detail) {
        return found.details().get(detail) instanceof String text ? text : null;
    }
}
