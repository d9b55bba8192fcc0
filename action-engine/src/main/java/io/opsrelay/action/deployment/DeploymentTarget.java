package io.opsrelay.action.deployment;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One deployment, wherever it runs.
 *
 * @param clientId for whom it is touched
 * @param targetType gke, kubernetes, cloud_run or standalone
 * @param service the deployment's name
 * @param cluster in which cluster or project, where the target type has several
 * @param namespace in which namespace of the cluster, where there are any
 * @param region where the target type has regions
 */
public record DeploymentTarget(
        String clientId,
        String targetType,
        String service,
        @Nullable String cluster,
        @Nullable String namespace,
        @Nullable String region) {

    public DeploymentTarget {
        if (clientId.isBlank() || targetType.isBlank() || service.isBlank()) {
            throw new IllegalArgumentException("a target has a client, a type and a service");
        }
    }

    /** The same for whoever means this deployment, e.g. {@code kubernetes/prod-eu/shop/payment-api}. */
    public String key() {
        return Stream.of(targetType, cluster, region, namespace, service)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("/"));
    }

    /** The same service at another place. */
    public DeploymentTarget at(@Nullable String cluster, @Nullable String namespace, @Nullable String region) {
        return new DeploymentTarget(clientId, targetType, service, cluster, namespace, region);
    }
}
