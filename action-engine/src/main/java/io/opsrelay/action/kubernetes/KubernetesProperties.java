package io.opsrelay.action.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Kubernetes clusters that this installation may touch.
 *
 * @param clusters none, unless named here
 * @param connectTimeout how long a connection to an API server may take
 * @param requestTimeout how long one answer of it may take
 * @param pollInterval how often a rollout under way is looked at
 * @param rolloutTimeout how long a rollout may take before it counts as failed and is undone
 * @param undoTimeout how long undoing one is watched
 * @param conflictAttempts how often a change is tried while others change the same object
 */
@ConfigurationProperties("opsrelay.kubernetes")
record KubernetesProperties(
        @DefaultValue List<ClusterProperties> clusters,
        @DefaultValue("3s") Duration connectTimeout,
        @DefaultValue("10s") Duration requestTimeout,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("10m") Duration rolloutTimeout,
        @DefaultValue("5m") Duration undoTimeout,
        @DefaultValue("5") int conflictAttempts) {

    KubernetesProperties {
        clusters = List.copyOf(clusters);
        if (clusters.stream().map(ClusterProperties::name).distinct().count() < clusters.size()) {
            throw new IllegalArgumentException("opsrelay.kubernetes.clusters names a cluster more than once");
        }
        if (!connectTimeout.isPositive()
                || !requestTimeout.isPositive()
                || !pollInterval.isPositive()
                || !rolloutTimeout.isPositive()
                || !undoTimeout.isPositive()) {
            throw new IllegalArgumentException("opsrelay.kubernetes: durations must be positive");
        }
        if (conflictAttempts < 1) {
            throw new IllegalArgumentException("opsrelay.kubernetes.conflict-attempts must be at least 1");
        }
    }

    /**
     * One cluster.
     *
     * @param name as requests name it in {@code cluster_name}
     * @param type the target type that it is: kubernetes or gke
     * @param kubeconfig file with the way in; not set: this service runs in the cluster itself
     * @param context which context of the file; not set: its current one
     * @param environment what the cluster serves, e.g. production
     * @param namespaces those that may be touched; the first is the default
     */
    record ClusterProperties(
            String name,
            @DefaultValue("kubernetes") String type,
            @Nullable Path kubeconfig,
            @Nullable String context,
            @Nullable String environment,
            List<String> namespaces) {

        ClusterProperties {
            if (name == null || !name.matches("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?")) {
                throw new IllegalArgumentException(
                        "opsrelay.kubernetes.clusters: name must be lower-case letters, digits, '-', '.' and '_', not "
                                + name);
            }
            if (!type.equals("kubernetes") && !type.equals("gke")) {
                throw new IllegalArgumentException(
                        "opsrelay.kubernetes.clusters: type of " + name + " must be kubernetes or gke, not " + type);
            }
            if (namespaces == null || namespaces.isEmpty()) {
                throw new IllegalArgumentException(
                        "opsrelay.kubernetes.clusters: namespaces of " + name + " must name at least one");
            }
            namespaces = List.copyOf(namespaces);
        }
    }
}
