package io.opsrelay.action.kubernetes;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.deployment.DeploymentProvider;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The providers of the target types {@code kubernetes} and {@code gke}, where clusters of theirs are configured. */
@Configuration(proxyBeanMethods = false)
@Conditional(KubernetesConfiguration.AnyCluster.class)
class KubernetesConfiguration {

    @Bean
    Clusters clusters(KubernetesProperties properties) {
        return new Clusters(properties);
    }

    @Bean
    ClusterReader clusterReader() {
        return new ClusterReader();
    }

    @Bean
    @Conditional(AnyPlainCluster.class)
    DeploymentProvider kubernetesDeployments(
            Clusters clusters,
            KubernetesProperties properties,
            ClusterReader reader,
            Clock clock,
            MeterRegistry registry) {
        return new KubernetesDeployments("kubernetes", clusters, properties, reader, clock, registry);
    }

    @Bean
    @Conditional(AnyGkeCluster.class)
    DeploymentProvider gkeDeployments(
            Clusters clusters,
            KubernetesProperties properties,
            ClusterReader reader,
            Clock clock,
            MeterRegistry registry) {
        return new KubernetesDeployments("gke", clusters, properties, reader, clock, registry);
    }

    @Bean
    KubernetesHealthIndicator kubernetesHealthIndicator(Clusters clusters) {
        return new KubernetesHealthIndicator(clusters);
    }

    /** Where any cluster is configured. */
    static class AnyCluster extends SpringBootCondition {

        private static final Bindable<List<Map<String, Object>>> CLUSTERS =
                Bindable.of(ResolvableType.forClassWithGenerics(
                        List.class, ResolvableType.forClassWithGenerics(Map.class, String.class, Object.class)));

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            boolean any = Binder.get(context.getEnvironment())
                    .bind("opsrelay.kubernetes.clusters", CLUSTERS)
                    .orElse(List.of())
                    .stream()
                    .anyMatch(cluster -> matches(String.valueOf(cluster.getOrDefault("type", "kubernetes"))));
            return new ConditionOutcome(any, "opsrelay.kubernetes.clusters");
        }

        boolean matches(String type) {
            return true;
        }
    }

    /** Where one is configured that is not said to be anything more special. */
    static final class AnyPlainCluster extends AnyCluster {

        @Override
        boolean matches(String type) {
            return type.equals("kubernetes");
        }
    }

    /** Where one of GKE is configured. */
    static final class AnyGkeCluster extends AnyCluster {

        @Override
        boolean matches(String type) {
            return type.equals("gke");
        }
    }
}
