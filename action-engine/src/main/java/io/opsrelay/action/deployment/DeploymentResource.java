package io.opsrelay.action.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.opsrelay.action.deployment.DeploymentProperties.TargetGrant;
import io.opsrelay.action.deployment.Targets.Granted;
import io.opsrelay.security.docs.DescribedAs;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment that the caller's client may touch, as the API tells it.
 *
 * @param target the same for whoever means it, as the action log names it
 * @param actions the action types that can be asked for
 * @param isProtected whether a second person must agree, whatever is asked for
 * @param alone how far one person alone may scale it
 * @param state found, missing, refused (it is not shown to us) or unreachable (nobody tells)
 * @param problem why nothing is told of it; null where it was found
 */
record DeploymentResource(
        String target,
        String targetType,
        String serviceName,
        @Nullable String clusterName,
        @Nullable String namespace,
        @Nullable String region,
        List<String> actions,
        @JsonProperty("protected") boolean isProtected,
        Alone alone,

        @DescribedAs(oneOf = {FOUND, MISSING, REFUSED, UNREACHABLE})
        String state,

        @Nullable String problem,
        @Nullable String environment,
        @Nullable Integer replicas,
        @Nullable Integer readyReplicas,
        @Nullable Scaling autoscaler,
        @Nullable String image,
        @Nullable String revision,
        @Nullable String rollout,
        @Nullable Instant changedAt) {

    static final String FOUND = "found";
    static final String MISSING = "missing";
    static final String REFUSED = "refused";
    static final String UNREACHABLE = "unreachable";

    /** @param maxStep most instances more or fewer at once */
    record Alone(int minReplicas, int maxReplicas, int maxStep) {}

    static DeploymentResource found(Granted granted, DeploymentState now) {
        String environment = now.environment();
        return of(
                granted,
                FOUND,
                null,
                granted.grant().protects(granted.target())
                        || (environment != null
                                && granted.grant().protectedEnvironments().contains(environment)),
                now);
    }

    static DeploymentResource notTold(Granted granted, String state, String problem) {
        return of(
                granted,
                state,
                problem,
                granted.grant().protects(granted.target()),
                new DeploymentState(0, null, null, null, null, null, null, null));
    }

    private static DeploymentResource of(
            Granted granted, String state, @Nullable String problem, boolean isProtected, DeploymentState now) {
        DeploymentTarget target = granted.target();
        TargetGrant grant = granted.grant();
        return new DeploymentResource(
                target.key(),
                target.targetType(),
                target.service(),
                target.cluster(),
                target.namespace(),
                target.region(),
                granted.provider().operations().stream()
                        .sorted()
                        .map(Operation::actionType)
                        .toList(),
                isProtected,
                new Alone(grant.minReplicas(), grant.maxReplicas(), grant.maxStep()),
                state,
                problem,
                now.environment(),
                problem == null ? now.replicas() : null,
                now.ready(),
                now.autoscaler(),
                now.image(),
                now.revision(),
                now.rollout(),
                now.changedAt());
    }
}
