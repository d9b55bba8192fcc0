package io.opsrelay.action.deployment;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which deployments which client may touch. Who is not named may touch none.
 *
 * @param grants at most one for a client and a target type
 * @param lookTimeout how long a list of deployments waits for those who run them; what is not told by then is listed as such
 */
@ConfigurationProperties("opsrelay.deployments")
record DeploymentProperties(
        @DefaultValue List<TargetGrant> grants,
        @DefaultValue("5s") Duration lookTimeout) {

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
        if (!lookTimeout.isPositive()) {
            throw new IllegalArgumentException("opsrelay.deployments.look-timeout must be positive");
        }
    }

    Optional<TargetGrant> grantOf(String client, String targetType) {
        return grants.stream()
                .filter(grant ->
                        grant.client().equals(client) && grant.targetType().equals(targetType))
                .findFirst();
    }

    List<TargetGrant> grantsOf(String client) {
        return grants.stream().filter(grant -> grant.client().equals(client)).toList();
    }

    /**
     * What one client may touch.
     *
     * @param services deployments: a name with the end of its place before it, e.g. {@code shop/payment-api} or
     *     {@code prod-eu/shop/payment-api}; in Kubernetes at least its namespace, elsewhere the name may stand alone and is
     *     meant wherever it runs
     * @param minReplicas fewest instances that one person alone may ask for
     * @param maxReplicas most instances that one person alone may ask for
     * @param maxStep most instances more or fewer at once that one person alone may ask for
     * @param protectedServices those of {@code services} that a second person must agree to touch; a name alone is meant everywhere
     * @param protectedEnvironments environments where a second person must agree to touch anything
     */
    record TargetGrant(
            String client,
            String targetType,
            Set<String> services,
            @DefaultValue("1") int minReplicas,
            @DefaultValue("3") int maxReplicas,
            @DefaultValue("10") int maxStep,
            @DefaultValue Set<String> protectedServices,
            @DefaultValue Set<String> protectedEnvironments) {

        private static final Set<String> NAMESPACED = Set.of("kubernetes", "gke");

        TargetGrant {
            if (client == null || client.isBlank() || targetType == null || targetType.isBlank()) {
                throw new IllegalArgumentException("opsrelay.deployments.grants: client and target-type must be set");
            }
            if (services == null || services.isEmpty()) {
                throw new IllegalArgumentException("opsrelay.deployments.grants: services must be set for " + client);
            }
            if (NAMESPACED.contains(targetType)) {
                services.stream()
                        .filter(service -> service.indexOf('/') < 1)
                        .findFirst()
                        .ifPresent(service -> {
                            throw new IllegalArgumentException("opsrelay.deployments.grants: services of " + client
                                    + " names " + service + " in no namespace, and would reach it in every one: write"
                                    + " <namespace>/" + service);
                        });
            }
            if (minReplicas < 0 || maxReplicas < minReplicas) {
                throw new IllegalArgumentException("opsrelay.deployments.grants: replicas must be a range, not "
                        + minReplicas + " to " + maxReplicas);
            }
            if (maxStep < 1) {
                throw new IllegalArgumentException("opsrelay.deployments.grants: max-step must be at least 1");
            }
            services = Set.copyOf(services);
            protectedServices = Set.copyOf(protectedServices);
            protectedEnvironments = Set.copyOf(protectedEnvironments);
        }

        /** Whether the client may touch it. */
        boolean names(DeploymentTarget target) {
            return anyNames(services, target);
        }

        /** Whether a second person must agree to touch it. */
        boolean protects(DeploymentTarget target) {
            return anyNames(protectedServices, target);
        }

        private static boolean anyNames(Set<String> entries, DeploymentTarget target) {
            String key = "/" + target.key();
            return entries.stream().anyMatch(entry -> key.endsWith("/" + entry));
        }
    }
}
