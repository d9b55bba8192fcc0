package io.opsrelay.action.cloudrun;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.action.deployment.DeploymentProvider;
import java.time.Clock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class CloudRunPropertiesTest {

    private static final String[] MAIN = {
        "opsrelay.cloudrun.projects[0].name=main",
        "opsrelay.cloudrun.projects[0].project=acme-prod",
        "opsrelay.cloudrun.projects[0].regions=europe-west1,us-central1"
    };

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withBean(Clock.class, Clock::systemUTC)
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withUserConfiguration(CloudRunConfiguration.class, Bound.class);

    @Test
    void withoutAProjectThereIsNoProvider() {
        runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(DeploymentProvider.class));
    }

    @Test
    void withAProjectThereIsOneAndNobodyIsCalled() {
        runner.withPropertyValues(MAIN).run(context -> {
            assertThat(context).hasNotFailed().hasSingleBean(DeploymentProvider.class);
            assertThat(context.getBean(CloudRunProperties.class)
                            .projects()
                            .getFirst()
                            .regions())
                    .containsExactly("europe-west1", "us-central1");
            assertThat(context.getBean(CloudRunDeployments.class).trouble()).isNull();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "projects[0].regions=moon, moon of main is no region",
        "projects[0].project=A, must be a project's id",
        "projects[0].name=Main, name must be",
        "projects[0].credentials-file=/no/such/file, cannot be read",
        "projects[1].name=main, must be a project's id",
        "poll-interval=0s, durations must be positive",
        "attempts=0, attempts must be at least 1",
        "endpoint=run.example.com:443, loopback"
    })
    void aWrongValueStopsTheStartAndIsNamed(String property, String reason) {
        String[] values = Stream.concat(Stream.of(MAIN), Stream.of("opsrelay.cloudrun." + property))
                .toArray(String[]::new);

        runner.withPropertyValues(values)
                .run(context ->
                        assertThat(context.getStartupFailure()).rootCause().hasMessageContaining(reason));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(CloudRunProperties.class)
    static class Bound {}
}
