package io.opsrelay.action.cloudrun;

import io.opsrelay.action.cloudrun.CloudRunProperties.Project;
import io.opsrelay.action.deployment.DeploymentTarget;
import io.opsrelay.action.deployment.TargetRefusedException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A service at its place.
 *
 * @param region one of the project's
 */
record Site(Project project, String region, String service) {

    /**
     * Where a target is: the project that {@code cluster_name} names, or the only one that has the region; the project's
     * first region where none is named.
     *
     * @throws TargetRefusedException for a place that is not configured
     */
    static Site of(DeploymentTarget target, List<Project> projects) {
        if (target.namespace() != null) {
            throw new TargetRefusedException(
                    "namespace", "unknown_namespace", "is not for cloud_run, which has none: leave it out");
        }
        Project project = project(target.cluster(), target.region(), projects);
        String region = target.region();
        if (region == null) {
            return new Site(project, project.regions().getFirst(), target.service());
        }
        if (!project.regions().contains(region)) {
            throw new TargetRefusedException(
                    "region",
                    "unknown_region",
                    "%s is not among the regions of %s: %s"
                            .formatted(region, project.name(), String.join(", ", project.regions())));
        }
        return new Site(project, region, target.service());
    }

    private static Project project(@Nullable String name, @Nullable String region, List<Project> projects) {
        List<Project> fitting = projects.stream()
                .filter(project -> name == null
                        ? region == null
                                || projects.size() == 1
                                || project.regions().contains(region)
                        : project.name().equals(name))
                .toList();
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        String known = projects.stream().map(Project::name).collect(Collectors.joining(", "));
        if (name != null) {
            throw new TargetRefusedException(
                    "cluster_name", "unknown_project", name + " is no project here, only " + known);
        }
        if (fitting.isEmpty()) {
            throw new TargetRefusedException(
                    "region", "unknown_region", Objects.requireNonNull(region) + " is a region of no project here");
        }
        throw new TargetRefusedException("cluster_name", "project_not_named", "must name the project, one of " + known);
    }

    /** The same target with its place filled in. */
    DeploymentTarget fill(DeploymentTarget target) {
        return target.at(project.name(), null, region);
    }

    /** As Google calls it. */
    String resource() {
        return "projects/%s/locations/%s/services/%s".formatted(project.project(), region, service);
    }
}
