package io.opsrelay.action.deployment;

import org.jspecify.annotations.Nullable;

/**
 * What a provider is asked to do.
 *
 * @param replicas how many instances shall run, with {@link Operation#SCALE} only
 * @param reason what the requester wrote
 */
public record DeploymentOrder(
        Operation operation, String service, @Nullable Integer replicas, String reason) {

    public DeploymentOrder {
        if ((operation == Operation.SCALE) != (replicas != null)) {
            throw new IllegalArgumentException("a number of replicas goes with scaling, and with nothing else");
        }
    }
}
