package io.opsrelay.standalone.control;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation as it stands: running, and then once and for all succeeded or failed. Every change is a new value.
 *
 * @param key chosen by who wants it done; the same key is the same operation
 * @param failure why it failed; null unless it did
 * @param steps what was done, oldest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Operation(
        String key,
        OperationRequest.Kind kind,
        String service,
        @Nullable Integer replicas,
        String reason,
        Status status,
        Instant createdAt,
        @Nullable Instant finishedAt,
        @Nullable String failure,
        List<Step> steps) {

    enum Status {
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("succeeded")
        SUCCEEDED,
        @JsonProperty("failed")
        FAILED
    }

    /** @param text for people */
    record Step(Instant at, String text) {}

    Operation {
        steps = List.copyOf(steps);
        if ((status == Status.RUNNING) != (finishedAt == null)) {
            throw new IllegalArgumentException("an operation is finished or runs");
        }
        if ((status == Status.FAILED) != (failure != null)) {
            throw new IllegalArgumentException("what failed says why, and nothing else does");
        }
    }

    static Operation begun(String key, OperationRequest request, Instant now) {
        return new Operation(
                key,
                request.kind(),
                request.service(),
                request.replicas(),
                request.reason(),
                Status.RUNNING,
                millis(now),
                null,
                null,
                List.of());
    }

    OperationRequest request() {
        return new OperationRequest(kind, service, replicas, reason);
    }

    @JsonIgnore
    boolean isRunning() {
        return status == Status.RUNNING;
    }

    Operation step(String text, Instant now) {
        requireRunning();
        List<Step> longer = new ArrayList<>(steps);
        longer.add(new Step(millis(now), text));
        return new Operation(key, kind, service, replicas, reason, status, createdAt, null, null, longer);
    }

    Operation succeeded(Instant now) {
        requireRunning();
        return new Operation(
                key, kind, service, replicas, reason, Status.SUCCEEDED, createdAt, millis(now), null, steps);
    }

    Operation failed(String why, Instant now) {
        requireRunning();
        return new Operation(key, kind, service, replicas, reason, Status.FAILED, createdAt, millis(now), why, steps);
    }

    private void requireRunning() {
        if (!isRunning()) {
            throw new IllegalStateException("operation " + key + " is " + status + " already");
        }
    }

    private static Instant millis(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS);
    }
}
