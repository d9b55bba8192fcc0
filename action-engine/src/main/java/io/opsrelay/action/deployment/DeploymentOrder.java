package io.opsrelay.action.deployment;

import org.jspecify.annotations.Nullable;

/**
 * What a provider is asked to do.
 *
 * @param scaling how many instances shall run, with {@link Operation#SCALE} only
 * @param reason what the requester wrote
 * @param revision what must run for a {@link Operation#ROLLBACK} to be what was decided; null if that was not known
 */
public record DeploymentOrder(
        Operation operation,
        @Nullable Scaling scaling,
        String reason,
        @Nullable String revision) {

    public DeploymentOrder(Operation operation, @Nullable Scaling scaling, String reason) {
        this(operation, scaling, reason, null);
    }

    public DeploymentOrder {
        if ((operation == Operation.SCALE) != (scaling != null)) {
            throw new IllegalArgumentException("a number of replicas goes with scaling, and with nothing else");
        }
    }
}
