package io.opsrelay.standalone.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One process of a service.
 *
 * @param instance its name, e.g. {@code agent-service-2}
 * @param pid null while it does not run
 * @param port where it serves
 * @param startedAt null while it does not run
 * @param restarts how often it was started again because it had ended by itself
 */
public record InstanceStatus(
        String instance,
        @Nullable Long pid,
        int port,
        State state,
        @Nullable Instant startedAt,
        int restarts) {

    /** Where an instance is in its life. */
    public enum State {
        @JsonProperty("starting")
        STARTING,
        /** It serves, and gets requests. */
        @JsonProperty("ready")
        READY,
        /** It ends what it has begun, and gets no more. */
        @JsonProperty("draining")
        DRAINING,
        /** It ended by itself, and is started again after a pause. */
        @JsonProperty("stopped")
        STOPPED
    }
}
