package io.opsrelay.action.kubernetes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.kubernetes.KubernetesProperties.ClusterProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that cannot be right ends the start, and says which part. */
class KubernetesPropertiesTest {

    @Test
    void aClusterNeedsANameATypeAndNamespaces() {
        refused(() -> cluster("Prod EU", "kubernetes", null, null, List.of("shop")), "name");
        refused(() -> cluster("prod", "openshift", null, null, List.of("shop")), "type of prod");
        refused(() -> cluster("prod", "gke", null, null, List.of()), "namespaces of prod");
    }

    @Test
    void aNameIsGivenOnce() {
        ClusterProperties one = cluster("prod", "kubernetes", null, null, List.of("shop"));

        refused(() -> properties(one, one), "more than once");
    }

    @Test
    void aWayInThatIsNotThereEndsTheStart(@TempDir Path folder) throws Exception {
        Path missing = folder.resolve("missing.yaml");
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig.yaml"), """
                apiVersion: v1
                kind: Config
                current-context: a
                clusters: [{name: a, cluster: {server: "http://127.0.0.1:1"}}]
                users: [{name: a, user: {token: t}}]
                contexts: [{name: a, context: {cluster: a, user: a}}]
                """);

        refused(() -> open(cluster("prod", "kubernetes", missing, null, List.of("shop"))), "cannot be read");
        refused(() -> open(cluster("prod", "kubernetes", kubeconfig, "b", List.of("shop"))), "no context b");
        refused(() -> open(cluster("prod", "kubernetes", null, null, List.of("shop"))), "does not run in a cluster");
    }

    private static void open(ClusterProperties cluster) {
        new Clusters(properties(cluster)).close();
    }

    private static KubernetesProperties properties(ClusterProperties... clusters) {
        Duration second = Duration.ofSeconds(1);
        return new KubernetesProperties(List.of(clusters), second, second, second, second, second, 3);
    }

    private static ClusterProperties cluster(
            String name, String type, @Nullable Path kubeconfig, @Nullable String context, List<String> namespaces) {
        return new ClusterProperties(name, type, kubeconfig, context, null, namespaces);
    }

    private static void refused(ThrowingCallable call, String named) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(named);
    }
}
