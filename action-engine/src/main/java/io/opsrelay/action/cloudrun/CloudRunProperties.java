package io.opsrelay.action.cloudrun;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Cloud Run projects that actions reach.
 *
 * @param projects none: nothing here serves the target type {@code cloud_run}
 * @param callTimeout how long one answer may take
 * @param pollInterval how often a rollout under way is looked at
 * @param rolloutDeadline after which a rollout that has not ended counts as failed and is undone
 * @param undoDeadline how long the end of an undo is waited for
 * @param attempts how often an update is sent while others change the service, or the answer was lost
 * @param retryPause before the second of these; each further one is twice as long
 * @param endpoint {@code host:port} of a stand-in on this machine, reached without TLS and credentials: for tests only
 */
@ConfigurationProperties("opsrelay.cloudrun")
record CloudRunProperties(
        @DefaultValue List<Project> projects,
        @DefaultValue("10s") Duration callTimeout,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("10m") Duration rolloutDeadline,
        @DefaultValue("2m") Duration undoDeadline,
        @DefaultValue("5") int attempts,
        @DefaultValue("200ms") Duration retryPause,
        @Nullable String endpoint) {

    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1]):[0-9]{1,5}");

    CloudRunProperties {
        projects = List.copyOf(projects);
        Set<String> names = new HashSet<>();
        for (Project project : projects) {
            if (!names.add(project.name())) {
                throw new IllegalArgumentException(
                        "opsrelay.cloudrun.projects names " + project.name() + " more than once");
            }
        }
        if (!callTimeout.isPositive()
                || !pollInterval.isPositive()
                || !rolloutDeadline.isPositive()
                || !undoDeadline.isPositive()
                || !retryPause.isPositive()) {
            throw new IllegalArgumentException("opsrelay.cloudrun: durations must be positive");
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("opsrelay.cloudrun.attempts must be at least 1, not " + attempts);
        }
        endpoint = endpoint == null || endpoint.isBlank() ? null : endpoint;
        if (endpoint != null && !LOOPBACK.matcher(endpoint).matches()) {
            throw new IllegalArgumentException("opsrelay.cloudrun.endpoint is for tests, and must be host:port of this"
                    + " machine's loopback address, not " + endpoint);
        }
    }

    /**
     * One project.
     *
     * @param name what actions call it, as their {@code cluster_name}
     * @param project its id at Google
     * @param regions its locations, e.g. {@code europe-west1}; the first is the default
     * @param credentialsFile key of a service account; the ambient credentials where it is not set
     * @param environment what it serves, e.g. {@code production}
     */
    record Project(
            String name,
            String project,
            List<String> regions,
            @Nullable Path credentialsFile,
            @Nullable String environment) {

        private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");
        private static final Pattern PROJECT = Pattern.compile("[a-z][a-z0-9.:-]{4,61}[a-z0-9]|[0-9]{1,20}");
        private static final Pattern REGION = Pattern.compile("[a-z]+(-[a-z]+)+[0-9]+");

        Project {
            if (name == null || !NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "opsrelay.cloudrun.projects: name must be 1 to 63 lower-case letters,"
                                + " digits, '-', '.' and '_', not " + name);
            }
            if (project == null || !PROJECT.matcher(project).matches()) {
                throw new IllegalArgumentException(
                        "opsrelay.cloudrun.projects: project of " + name + " must be a project's id, not " + project);
            }
            if (regions == null || regions.isEmpty()) {
                throw new IllegalArgumentException("opsrelay.cloudrun.projects: regions must be set for " + name);
            }
            regions = List.copyOf(regions);
            for (String region : regions) {
                if (!REGION.matcher(region).matches()) {
                    throw new IllegalArgumentException(
                            "opsrelay.cloudrun.projects: " + region + " of " + name + " is no region");
                }
            }
            if (credentialsFile != null && credentialsFile.toString().isEmpty()) {
                credentialsFile = null;
            }
            if (credentialsFile != null && !Files.isReadable(credentialsFile)) {
                throw new IllegalArgumentException("opsrelay.cloudrun.projects: credentials-file of " + name
                        + " cannot be read: " + credentialsFile);
            }
            if (environment != null && environment.isBlank()) {
                environment = null;
            }
        }
    }
}
