package io.opsrelay.gateway.edge;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A request that the gateway itself refuses. The caller sees it as RFC 9457 problem+json. */
public final class Refusal extends RuntimeException {

    private final HttpStatus status;
    private final String detail;
    private final @Nullable String field;
    private final @Nullable Duration retryAfter;

    private Refusal(HttpStatus status, String detail, @Nullable String field, @Nullable Duration retryAfter) {
        super(detail, null, false, false); // answers to callers, many per second under attack: no stack traces
        this.status = status;
        this.detail = detail;
        this.field = field;
        this.retryAfter = retryAfter;
    }

    /** @param detail what was wrong and what to do */
    public static Refusal of(HttpStatus status, String detail) {
        return new Refusal(status, detail, null, null);
    }

    /** 400, for what a field holds. */
    public static Refusal badRequest(String field, String reason) {
        return new Refusal(HttpStatus.BAD_REQUEST, reason, field, null);
    }

    /** 429 or 503: right, but not now. */
    public static Refusal later(HttpStatus status, String detail, Duration retryAfter) {
        return new Refusal(status, detail, null, retryAfter);
    }

    /** What it is answered with. */
    public HttpStatus status() {
        return status;
    }

    String detail() {
        return detail;
    }

    @Nullable
    String field() {
        return field;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
