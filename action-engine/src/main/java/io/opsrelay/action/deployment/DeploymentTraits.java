package io.opsrelay.action.deployment;

import io.opsrelay.action.catalogue.Traits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What actions on deployments are like, for the catalogue. */
final class DeploymentTraits {

    private DeploymentTraits() {}

    static Traits of(Operation operation) {
        return new Traits(
                "operations",
                schema(operation),
                risk(operation),
                reversible(operation),
                text(operation),
                // Another deployment is another request.
                operation == Operation.SCALE
                        ? Set.of("replicas", "min_replicas", "max_replicas", "reason")
                        : Set.of("reason"));
    }

    private static Map<String, Object> schema(Operation operation) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String name : List.of("service_name", "cluster_name", "namespace", "region")) {
            properties.put(name, Map.of("type", "string", "pattern", "^" + DeploymentArguments.NAME + "$"));
        }
        properties.put("target_type", Map.of("type", "string", "enum", DeploymentArguments.TARGET_TYPES));
        properties.put("reason", Map.of("type", "string", "minLength", 1, "maxLength", DeploymentArguments.MAX_REASON));
        if (operation == Operation.SCALE) {
            for (String count : List.of("replicas", "min_replicas", "max_replicas")) {
                properties.put(
                        count, Map.of("type", "integer", "minimum", 1, "maximum", DeploymentArguments.MOST_REPLICAS));
            }
        }
        return Map.of(
                "type",
                "object",
                "properties",
                properties,
                "required",
                List.of("service_name", "target_type", "reason"),
                "additionalProperties",
                false);
    }

    private static String risk(Operation operation) {
        return operation == Operation.ROLLOUT ? "low" : "medium";
    }

    /** The number of instances can be set back, and a rollback leads back to where it came from. */
    private static boolean reversible(Operation operation) {
        return operation == Operation.SCALE || operation == Operation.ROLLBACK;
    }

    private static String text(Operation operation) {
        return switch (operation) {
            case RESTART -> "Starts all instances of a deployment anew, each away for a moment";
            case ROLLOUT -> "Starts all instances of a deployment anew, each replaced before it ends";
            case SCALE -> "Runs another number of instances of a deployment";
            case ROLLBACK -> "Goes back to the revision of a deployment that ran before";
        };
    }
}
