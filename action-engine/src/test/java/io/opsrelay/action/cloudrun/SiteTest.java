package io.opsrelay.action.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.cloudrun.CloudRunProperties.Project;
import io.opsrelay.action.deployment.DeploymentTarget;
import io.opsrelay.action.deployment.TargetRefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteTest {

    private static final List<Project> ONE = List.of(TestProjects.main());
    private static final List<Project> TWO = List.of(TestProjects.main(), TestProjects.staging());

    @ParameterizedTest
    @CsvSource({
        ", , projects/acme-prod/locations/europe-west1/services/payment",
        "main, , projects/acme-prod/locations/europe-west1/services/payment",
        ", us-central1, projects/acme-prod/locations/us-central1/services/payment"
    })
    void theOnlyProjectAndItsFirstRegionNeedNotBeNamed(@Nullable String cluster, @Nullable String region, String site) {
        assertThat(Site.of(target(cluster, null, region), ONE).resource()).isEqualTo(site);
    }

    @Test
    void aRegionTellsTheProjectIfOnlyOneHasIt() {
        Site site = Site.of(target(null, null, "us-central1"), TWO);

        assertThat(site.project().name()).isEqualTo("main");
        assertThat(site.fill(target(null, null, null)).key()).isEqualTo("cloud_run/main/us-central1/payment");
    }

    @ParameterizedTest
    @CsvSource({
        "other, , , unknown_project, cluster_name",
        ", , , project_not_named, cluster_name",
        ", , europe-west1, project_not_named, cluster_name",
        ", , asia-east1, unknown_region, region",
        "staging, , us-central1, unknown_region, region",
        "main, shop, , unknown_namespace, namespace"
    })
    void aPlaceThatIsNotConfiguredIsRefusedByName(
            @Nullable String cluster, @Nullable String namespace, @Nullable String region, String code, String field) {
        assertThatThrownBy(() -> Site.of(target(cluster, namespace, region), TWO))
                .isInstanceOfSatisfying(TargetRefusedException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(code);
                    assertThat(refused.field()).isEqualTo(field);
                });
    }

    private static DeploymentTarget target(
            @Nullable String cluster, @Nullable String namespace, @Nullable String region) {
        return new DeploymentTarget("acme", "cloud_run", "payment", cluster, namespace, region);
    }
}
