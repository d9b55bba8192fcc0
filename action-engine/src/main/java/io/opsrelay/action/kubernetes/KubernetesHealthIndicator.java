package io.opsrelay.action.kubernetes;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Shows which clusters answer. One that does not makes this service no less ready for all the rest. */
final class KubernetesHealthIndicator implements HealthIndicator {

    private final Clusters clusters;

    KubernetesHealthIndicator(Clusters clusters) {
        this.clusters = clusters;
    }

    @Override
    public Health health() {
        Health.Builder health = Health.up();
        for (Cluster cluster : clusters.all()) {
            health.withDetail(cluster.properties().name(), stateOf(cluster));
        }
        return health.build();
    }

    private static String stateOf(Cluster cluster) {
        try {
            return "answers, " + cluster.version();
        } catch (ClusterException e) {
            return "trouble: " + e.reason();
        }
    }
}
