package io.opsrelay.action.deployment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a deployment, checked in form.
 *
 * @param serviceName the deployment
 * @param targetType where it runs: gke, kubernetes, cloud_run or standalone
 * @param place cluster_name, namespace and region, as far as they were given
 * @param scaling how many instances shall run, with {@link Operation#SCALE} only
 * @param reason why, for whoever decides and for the log
 * @param revision what ran when it was prepared, with {@link Operation#ROLLBACK} only
 */
record DeploymentArguments(
        String serviceName,
        String targetType,
        Map<String, String> place,
        @Nullable Scaling scaling,
        String reason,
        @Nullable String revision) {

    private static final String CLUSTER = "cluster_name";
    private static final String NAMESPACE = "namespace";
    private static final String REGION = "region";
    private static final String REVISION = "revision";
    static final List<String> TARGET_TYPES = List.of("gke", "kubernetes", "cloud_run", "standalone");
    private static final List<String> PLACE = List.of(CLUSTER, NAMESPACE, REGION);
    private static final Set<String> FIELDS = Set.of(
            "service_name",
            "target_type",
            "cluster_name",
            "namespace",
            "region",
            "reason",
            "replicas",
            "min_replicas",
            "max_replicas",
            REVISION);
    static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");
    static final int MAX_REASON = 500;
    static final int MOST_REPLICAS = 1000;

    /** @throws InvalidArgumentException for the first argument that is not what it must be */
    static DeploymentArguments from(Operation operation, Map<String, Object> arguments) {
        arguments.keySet().stream()
                .filter(field -> !FIELDS.contains(field))
                .findFirst()
                .ifPresent(field -> {
                    throw new InvalidArgumentException(field, "is not an argument of this action");
                });
        String targetType = text(arguments, "target_type");
        if (!TARGET_TYPES.contains(targetType)) {
            throw new InvalidArgumentException("target_type", "must be one of " + String.join(", ", TARGET_TYPES));
        }
        if (operation == Operation.ROLLOUT && targetType.equals("cloud_run")) {
            throw new InvalidArgumentException(
                    "target_type", "cloud_run has no rollout restart: a new revision replaces the old one by itself");
        }
        return new DeploymentArguments(
                name(arguments, "service_name"),
                targetType,
                place(arguments),
                scaling(operation, arguments),
                reason(arguments),
                revision(operation, arguments));
    }

    private static @Nullable String revision(Operation operation, Map<String, Object> arguments) {
        if (arguments.get(REVISION) == null) {
            return null;
        }
        if (operation != Operation.ROLLBACK) {
            throw new InvalidArgumentException(REVISION, "is not an argument of this action");
        }
        return text(arguments, REVISION);
    }

    /** The deployment that is meant, its place as far as it was given. */
    DeploymentTarget target(String clientId) {
        return new DeploymentTarget(
                clientId, targetType, serviceName, place.get(CLUSTER), place.get(NAMESPACE), place.get(REGION));
    }

    /** What a provider is asked to do. */
    DeploymentOrder order(Operation operation) {
        return new DeploymentOrder(operation, scaling, reason, revision);
    }

    /**
     * The arguments as they are executed: at that very place, whatever the defaults are by then.
     *
     * @param running the revision that a rollback is to lead away from
     */
    Map<String, Object> at(DeploymentTarget target, @Nullable String running) {
        Map<String, String> found = new LinkedHashMap<>();
        put(found, CLUSTER, target.cluster());
        put(found, NAMESPACE, target.namespace());
        put(found, REGION, target.region());
        return new DeploymentArguments(serviceName, targetType, found, scaling, reason, running).resolved();
    }

    private static void put(Map<String, String> place, String field, @Nullable String value) {
        if (value != null) {
            place.put(field, value);
        }
    }

    /** The arguments in their one form. */
    Map<String, Object> resolved() {
        Map<String, Object> resolved = new LinkedHashMap<>();
        resolved.put("service_name", serviceName);
        resolved.put("target_type", targetType);
        resolved.putAll(place);
        if (scaling != null && scaling.fixed()) {
            resolved.put("replicas", scaling.minReplicas());
        } else if (scaling != null) {
            resolved.put("min_replicas", scaling.minReplicas());
            resolved.put("max_replicas", scaling.maxReplicas());
        }
        resolved.put("reason", reason);
        if (revision != null) {
            resolved.put(REVISION, revision);
        }
        return resolved;
    }

    private static Map<String, String> place(Map<String, Object> arguments) {
        Map<String, String> place = new LinkedHashMap<>();
        for (String field : PLACE) {
            if (arguments.get(field) != null) {
                place.put(field, name(arguments, field));
            }
        }
        return Map.copyOf(place);
    }

    private static @Nullable Scaling scaling(Operation operation, Map<String, Object> arguments) {
        Integer replicas = count(arguments, "replicas");
        Integer least = count(arguments, "min_replicas");
        Integer most = count(arguments, "max_replicas");
        if (operation != Operation.SCALE) {
            if (replicas != null || least != null || most != null) {
                throw new InvalidArgumentException("replicas", "is not an argument of this action");
            }
            return null;
        }
        return replicas == null ? fromRange(least, most) : agreed(replicas, least, most);
    }

    private static Scaling fromRange(@Nullable Integer least, @Nullable Integer most) {
        if (least == null || most == null) {
            throw new InvalidArgumentException("replicas", "is required, or min_replicas and max_replicas");
        }
        if (most < least) {
            throw new InvalidArgumentException("max_replicas", "must not be less than min_replicas");
        }
        return new Scaling(least, most);
    }

    private static Scaling agreed(Integer replicas, @Nullable Integer least, @Nullable Integer most) {
        if (differs(least, replicas) || differs(most, replicas)) {
            throw new InvalidArgumentException("replicas", "contradicts min_replicas or max_replicas");
        }
        return Scaling.to(replicas);
    }

    private static boolean differs(@Nullable Integer bound, Integer replicas) {
        return bound != null && !bound.equals(replicas);
    }

    private static @Nullable Integer count(Map<String, Object> arguments, String field) {
        Object value = arguments.get(field);
        if (value == null) {
            return null;
        }
        if (value instanceof Integer count && count >= 1 && count <= MOST_REPLICAS) {
            return count;
        }
        throw new InvalidArgumentException(field, "must be a whole number from 1 to " + MOST_REPLICAS);
    }

    private static String name(Map<String, Object> arguments, String field) {
        String name = text(arguments, field);
        if (!NAME.matcher(name).matches()) {
            throw new InvalidArgumentException(
                    field, "must be 1 to 63 lower-case letters, digits, '-', '.' and '_', and begin and end without");
        }
        return name;
    }

    private static String reason(Map<String, Object> arguments) {
        String reason = text(arguments, "reason");
        if (reason.length() > MAX_REASON) {
            throw new InvalidArgumentException("reason", "must have at most " + MAX_REASON + " characters");
        }
        return reason;
    }

    private static String text(Map<String, Object> arguments, String field) {
        Object value = arguments.get(field);
        if (value == null) {
            throw new InvalidArgumentException(field, "is required");
        }
        if (!(value instanceof String text) || text.isBlank()) {
            throw new InvalidArgumentException(field, "must be a text that is not blank");
        }
        return text;
    }
}
