package io.opsrelay.action.deployment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as its provider describes it now.
 *
 * @param service its name
 * @param replicas instances that shall run
 * @param minReplicas fewest instances that the provider can run
 * @param maxReplicas most instances that the provider can run
 * @param environment what it serves, e.g. {@code production}, where that is known
 * @param details what a person should know before deciding: {@code image}, {@code revision}, {@code paused},
 *     {@code strategy}, {@link #AUTOSCALER}
 */
public record Deployment(
        String service,
        int replicas,
        int minReplicas,
        int maxReplicas,
        @Nullable String environment,
        Map<String, Object> details) {

    /** In the details: the autoscaler's bounds, a map of {@code min} and {@code max}, where one is at work. */
    public static final String AUTOSCALER = "autoscaler";

    /** In the details: the image of the revision that a rollback goes to, where one is kept. */
    public static final String PREVIOUS_IMAGE = "previous_image";

    public Deployment {
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** The bounds of the autoscaler that chooses the number of instances, if there is one. */
    public @Nullable Scaling autoscaler() {
        return details.get(AUTOSCALER) instanceof Map<?, ?> bounds
                        && bounds.get("min") instanceof Integer min
                        && bounds.get("max") instanceof Integer max
                ? new Scaling(min, max)
                : null;
    }
}
