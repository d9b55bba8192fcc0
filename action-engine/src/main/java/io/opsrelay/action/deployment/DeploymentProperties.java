package io.opsrelay.action.deployment;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which deployments which client may touch. Who is not named may touch none.
 *
 * @param grants at most one for a client and a target type
 */
@ConfigurationProperties("opsrelay.deployments")
record DeploymentProperties(@DefaultValue List<TargetGrant> grants) {

    DeploymentProperties {
        grants = List.copyOf(grants);
        long different = grants.stream()
                .map(grant -> grant.client() + " " + grant.targetType())
                .distinct()
                .count();
        if (different < grants.size()) {
            throw new IllegalArgumentException(
                    "opsrelay.deployments.grants names a client and a target type more than once");
        }
    }

    Optional<TargetGrant> grantOf(String client, String targetType) {
        return grants.stream()
                .filter(grant ->
                        grant.client().equals(client) && grant.targetType().equals(targetType))
                .findFirst();
    }

    /**
     * What one client may touch.
     *
     * @param services names of deployments
     * @param minReplicas fewest instances that one person alone may ask for
     * @param maxReplicas most instances that one person alone may ask for
     * @param protectedServices those of {@code services} that a second person must agree to touch
     */
    record TargetGrant(
            String client,
            String targetType,
            Set<String> services,
            @DefaultValue("1") int minReplicas,
            @DefaultValue("3") int maxReplicas,
            @DefaultValue Set<String> protectedServices) {

        TargetGrant {
            if (client == null || client.isBlank() || targetType == null || targetType.isBlank()) {
                throw new IllegalArgumentException("opsrelay.deployments.grants: client and target-type must be set");
            }
            if (services == null || services.isEmpty()) {
                throw new IllegalArgumentException("opsrelay.deployments.grants: services must be set for " + client);
            }
            if (minReplicas < 0 || maxReplicas < minReplicas) {
                throw new IllegalArgumentException("opsrelay.deployments.grants: replicas must be a range, not "
                        + minReplicas + " to " + maxReplicas);
            }
            services = Set.copyOf(services);
            protectedServices = Set.copyOf(protectedServices);
        }
    }
}
