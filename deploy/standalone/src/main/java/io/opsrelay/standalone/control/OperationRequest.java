package io.opsrelay.standalone.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants done with a service.
 *
 * @param service its name, e.g. {@code agent-service}; whether there is such a one is not known here
 * @param replicas how many instances it shall have; for {@link Kind#SCALE}, and only for it
 * @param reason why, for those who read it later; may be empty
 */
public record OperationRequest(
        Kind kind, String service, @Nullable Integer replicas, String reason) {

    static final int LONGEST_REASON = 2000;

    /** What can be done. */
    public enum Kind {
        /** Each instance in turn is ended and started anew. */
        @JsonProperty("restart")
        RESTART,
        /** Instances are added or ended. */
        @JsonProperty("scale")
        SCALE,
        /** Each instance in turn is replaced by one that is ready before the old one goes. */
        @JsonProperty("rollout")
        ROLLOUT
    }

    public OperationRequest {
        if (kind == null) {
            throw new IllegalArgumentException("kind is missing: restart, scale or rollout");
        }
        if (service == null || service.isBlank()) {
            throw new IllegalArgumentException("service is missing");
        }
        if (kind == Kind.SCALE && replicas == null) {
            throw new IllegalArgumentException("replicas is missing, and scale needs it");
        }
        if (kind != Kind.SCALE && replicas != null) {
            throw new IllegalArgumentException("replicas belongs to scale only");
        }
        if (reason != null && reason.length() > LONGEST_REASON) {
            throw new IllegalArgumentException("reason has more than " + LONGEST_REASON + " characters");
        }
        reason = reason == null ? "" : reason;
    }
}
