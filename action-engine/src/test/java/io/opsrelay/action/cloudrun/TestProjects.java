package io.opsrelay.action.cloudrun;

import io.opsrelay.action.cloudrun.CloudRunProperties.Project;
import java.time.Duration;
import java.util.List;

/** Projects of tests, and times that tests can wait. */
final class TestProjects {

    private TestProjects() {}

    static Project main() {
        return new Project("main", "acme-prod", List.of("europe-west1", "us-central1"), null, "production");
    }

    static Project staging() {
        return new Project("staging", "acme-staging", List.of("europe-west1"), null, "staging");
    }

    static CloudRunProperties properties(Duration callTimeout, Project... projects) {
        return new CloudRunProperties(
                List.of(projects),
                callTimeout,
                Duration.ofMillis(5),
                Duration.ofMinutes(10),
                Duration.ofMinutes(2),
                5,
                Duration.ofMillis(10),
                null);
    }
}
