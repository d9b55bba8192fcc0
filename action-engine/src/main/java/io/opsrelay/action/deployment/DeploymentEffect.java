package io.opsrelay.action.deployment;

import io.opsrelay.action.deployment.DeploymentProperties.TargetGrant;
import io.opsrelay.contracts.Effect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What an order would do to a deployment, in words and as data. Pure. */
final class DeploymentEffect {

    /** In an effect's details: what leaves the guardrails, so that policy asks a second person. */
    static final String OUTSIDE_GUARDRAILS = "outside_guardrails";

    private DeploymentEffect() {}

    static Effect of(DeploymentTarget target, DeploymentOrder order, TargetGrant grant, Deployment found) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("service_name", found.service());
        details.put("target_type", target.targetType());
        details.put("target", target.key());
        String environment = found.environment();
        if (environment != null) {
            details.put("environment", environment);
        }
        details.put("replicas_now", found.replicas());
        details.put("replicas_after", replicasAfter(order, found));
        Scaling scaling = order.scaling();
        if (scaling != null && !scaling.fixed()) {
            details.put("autoscaler_after", Map.of("min", scaling.minReplicas(), "max", scaling.maxReplicas()));
        }
        found.details().forEach(details::putIfAbsent);
        Object previous = found.details().get(Deployment.PREVIOUS_IMAGE);
        if (order.operation() == Operation.ROLLBACK && previous != null) {
            details.put("image_after", previous);
        }
        List<String> outside = Guardrails.leftBy(target, order, grant, found);
        if (!outside.isEmpty()) {
            details.put(OUTSIDE_GUARDRAILS, outside);
        }
        return new Effect(summary(order, found), null, details);
    }

    /** An autoscaler keeps what runs within its new bounds. */
    private static int replicasAfter(DeploymentOrder order, Deployment found) {
        Scaling scaling = order.scaling();
        return scaling == null
                ? found.replicas()
                : Math.clamp(found.replicas(), scaling.minReplicas(), scaling.maxReplicas());
    }

    private static String summary(DeploymentOrder order, Deployment found) {
        String service = found.service();
        String instances = found.replicas() == 1 ? "its one instance" : "its " + found.replicas() + " instances";
        return switch (order.operation()) {
            case RESTART -> "Restart %s: %s, each away for a moment".formatted(service, instances);
            case ROLLOUT -> "Roll %s over: %s, each replaced before it ends".formatted(service, instances);
            case SCALE -> scaling(Objects.requireNonNull(order.scaling()), found);
            case ROLLBACK -> "Roll %s back to the revision that ran before%s".formatted(service, previous(found));
        };
    }

    private static String scaling(Scaling scaling, Deployment found) {
        Scaling bounds = found.autoscaler();
        return scaling.fixed() || bounds == null
                ? "Scale %s from %d to %s".formatted(found.service(), found.replicas(), scaling)
                : "Let %s scale between %d and %d, not between %d and %d"
                        .formatted(
                                found.service(),
                                scaling.minReplicas(),
                                scaling.maxReplicas(),
                                bounds.minReplicas(),
                                bounds.maxReplicas());
    }

    private static String previous(Deployment found) {
        Object image = found.details().get(Deployment.PREVIOUS_IMAGE);
        return image == null ? "" : ", image " + image;
    }
}
