package io.opsrelay.action.deployment;

import io.opsrelay.action.deployment.DeploymentProperties.TargetGrant;
import java.util.ArrayList;
import java.util.List;

/** Within what an SRE may act alone. Pure. */
final class Guardrails {

    private Guardrails() {}

    /** What of {@code order} leaves the guardrails, a sentence each; nothing if it stays within. */
    static List<String> leftBy(DeploymentTarget target, DeploymentOrder order, TargetGrant grant, Deployment now) {
        List<String> left = new ArrayList<>();
        if (grant.protects(target)) {
            left.add(target.service() + " is protected");
        }
        String environment = now.environment();
        if (environment != null && grant.protectedEnvironments().contains(environment)) {
            left.add("the environment " + environment + " is protected");
        }
        Scaling scaling = order.scaling();
        if (scaling != null) {
            if (scaling.minReplicas() < grant.minReplicas() || scaling.maxReplicas() > grant.maxReplicas()) {
                left.add("%s replicas are outside %d to %d"
                        .formatted(scaling, grant.minReplicas(), grant.maxReplicas()));
            }
            int step = step(scaling, now);
            if (step > grant.maxStep()) {
                left.add("a step of %d replicas is more than %d at once".formatted(step, grant.maxStep()));
            }
        }
        return List.copyOf(left);
    }

    /** By how many instances it changes at once: of bounds, the one that moves further. */
    private static int step(Scaling scaling, Deployment now) {
        Scaling before = now.autoscaler();
        if (before == null || scaling.fixed()) {
            return Math.max(
                    Math.abs(scaling.minReplicas() - now.replicas()), Math.abs(scaling.maxReplicas() - now.replicas()));
        }
        return Math.max(
                Math.abs(scaling.minReplicas() - before.minReplicas()),
                Math.abs(scaling.maxReplicas() - before.maxReplicas()));
    }
}
