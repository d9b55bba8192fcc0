package io.opsrelay.action.deployment;

import io.opsrelay.action.deployment.DeploymentProperties.TargetGrant;
import java.util.ArrayList;
import java.util.List;

/** Within what an SRE may act alone. Pure. */
final class Guardrails {

    private Guardrails() {}

    /** What of {@code wanted} leaves the guardrails, a sentence each; nothing if it stays within. */
    static List<String> leftBy(DeploymentArguments wanted, TargetGrant grant) {
        List<String> left = new ArrayList<>();
        if (grant.protectedServices().contains(wanted.serviceName())) {
            left.add(wanted.serviceName() + " is protected");
        }
        Integer replicas = wanted.replicas();
        if (replicas != null && (replicas < grant.minReplicas() || replicas > grant.maxReplicas())) {
            left.add("%d replicas are outside %d to %d".formatted(replicas, grant.minReplicas(), grant.maxReplicas()));
        }
        return List.copyOf(left);
    }
}
