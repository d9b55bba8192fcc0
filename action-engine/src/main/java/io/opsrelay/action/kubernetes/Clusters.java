package io.opsrelay.action.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opsrelay.action.deployment.DeploymentTarget;
import io.opsrelay.action.deployment.TargetRefusedException;
import io.opsrelay.action.kubernetes.KubernetesProperties.ClusterProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The clusters of this installation, each with its client. */
final class Clusters implements AutoCloseable {

    private final Map<String, Cluster> byName = new LinkedHashMap<>();

    Clusters(KubernetesProperties properties) {
        for (ClusterProperties cluster : properties.clusters()) {
            byName.put(cluster.name(), new Cluster(cluster, client(cluster, properties)));
        }
    }

    Collection<Cluster> all() {
        return byName.values();
    }

    /** The cluster of a target that was resolved. */
    Cluster of(DeploymentTarget target) {
        return named(target.targetType(), target.cluster());
    }

    /**
     * The target with its cluster and namespace filled in.
     *
     * @throws TargetRefusedException for a place that may not be touched
     */
    DeploymentTarget resolve(DeploymentTarget target) {
        if (target.region() != null) {
            throw new TargetRefusedException(
                    "region", "unknown_region", "means nothing with clusters; name the cluster in cluster_name");
        }
        ClusterProperties cluster = named(target.targetType(), target.cluster()).properties();
        String namespace = target.namespace() == null ? cluster.namespaces().getFirst() : target.namespace();
        if (!cluster.namespaces().contains(namespace)) {
            throw new TargetRefusedException(
                    "namespace",
                    "unknown_namespace",
                    "must be one of %s in cluster %s, not %s"
                            .formatted(String.join(", ", cluster.namespaces()), cluster.name(), namespace));
        }
        return target.at(cluster.name(), namespace, null);
    }

    /** The target in each namespace that may be touched, of each cluster of its type. */
    List<DeploymentTarget> places(DeploymentTarget target) {
        return byName.values().stream()
                .map(Cluster::properties)
                .filter(cluster -> cluster.type().equals(target.targetType()))
                .flatMap(cluster ->
                        cluster.namespaces().stream().map(namespace -> target.at(cluster.name(), namespace, null)))
                .toList();
    }

    private Cluster named(String targetType, @Nullable String name) {
        List<Cluster> ofType = byName.values().stream()
                .filter(cluster -> cluster.properties().type().equals(targetType))
                .toList();
        if (name == null && ofType.size() == 1) {
            return ofType.getFirst();
        }
        return ofType.stream()
                .filter(cluster -> cluster.properties().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new TargetRefusedException(
                        "cluster_name",
                        "unknown_cluster",
                        (name == null ? "is required: one of " : "must be one of ")
                                + ofType.stream()
                                        .map(cluster -> cluster.properties().name())
                                        .collect(Collectors.joining(", "))));
    }

    private static KubernetesClient client(ClusterProperties cluster, KubernetesProperties properties) {
        Config config = config(cluster);
        config.setConnectionTimeout(Math.toIntExact(properties.connectTimeout().toMillis()));
        config.setRequestTimeout(Math.toIntExact(properties.requestTimeout().toMillis()));
        // Only we know which request may be sent again, and what an earlier one may have done.
        config.setRequestRetryBackoffLimit(0);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static Config config(ClusterProperties cluster) {
        Path kubeconfig = cluster.kubeconfig();
        if (kubeconfig == null) {
            if (!Files.exists(Path.of(Config.KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH))) {
                throw new IllegalArgumentException("opsrelay.kubernetes.clusters: kubeconfig of " + cluster.name()
                        + " is not set, and this service does not run in a cluster");
            }
            return Config.autoConfigure(null);
        }
        if (!Files.isReadable(kubeconfig)) {
            throw new IllegalArgumentException(
                    "opsrelay.kubernetes.clusters: kubeconfig of " + cluster.name() + " cannot be read: " + kubeconfig);
        }
        Config config = Config.fromKubeconfig(cluster.context(), kubeconfig.toFile());
        if (cluster.context() != null
                && (config.getCurrentContext() == null
                        || !cluster.context().equals(config.getCurrentContext().getName()))) {
            throw new IllegalArgumentException("opsrelay.kubernetes.clusters: kubeconfig of " + cluster.name()
                    + " has no context " + cluster.context());
        }
        return config;
    }

    @Override
    public void close() {
        byName.values().forEach(Cluster::close);
    }
}
