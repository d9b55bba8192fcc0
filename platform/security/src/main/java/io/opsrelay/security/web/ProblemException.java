package io.opsrelay.security.web;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A refusal that the caller sees as RFC 9457 problem+json. The message says what was wrong and what to do. */
public final class ProblemException extends RuntimeException {

    private final HttpStatus status;
    private final transient Map<String, String> reasons;

    private ProblemException(HttpStatus status, @Nullable String field, String detail) {
        this(status, detail, field == null ? Map.of() : Map.of(field, detail));
    }

    private ProblemException(HttpStatus status, String detail, Map<String, String> reasonsByField) {
        super(detail);
        this.status = status;
        this.reasons = Collections.unmodifiableMap(new LinkedHashMap<>(reasonsByField));
    }

    /** 400: the request cannot be understood. */
    public static ProblemException badRequest(String field, String reason) {
        return new ProblemException(HttpStatus.BAD_REQUEST, field, reason);
    }

    /** 422: understood, and refused for what a field holds. */
    public static ProblemException unprocessable(String field, String reason) {
        return new ProblemException(HttpStatus.UNPROCESSABLE_CONTENT, field, reason);
    }

    /**
     * 422 for several fields at once.
     *
     * @param reasonsByField at least one, in the order in which the caller sees them
     */
    public static ProblemException unprocessable(Map<String, String> reasonsByField) {
        return new ProblemException(
                HttpStatus.UNPROCESSABLE_CONTENT,
                reasonsByField.values().iterator().next(),
                reasonsByField);
    }

    /** 413: more bytes than may be sent there. */
    public static ProblemException tooLarge(String field, String reason) {
        return new ProblemException(HttpStatus.CONTENT_TOO_LARGE, field, reason);
    }

    /** 403: this caller may not. */
    public static ProblemException forbidden(String reason) {
        return new ProblemException(HttpStatus.FORBIDDEN, null, reason);
    }

    /** 404: there is no such thing, or it is another client's. */
    public static ProblemException notFound(String what, Object id) {
        return new ProblemException(HttpStatus.NOT_FOUND, null, "there is no " + what + " " + id);
    }

    /** 409: not in the state that it is in. */
    public static ProblemException conflict(String reason) {
        return new ProblemException(HttpStatus.CONFLICT, null, reason);
    }

    /** 412: changed since the caller read it. */
    public static ProblemException stale(String reason) {
        return new ProblemException(HttpStatus.PRECONDITION_FAILED, null, reason);
    }

    /** 503: nothing wrong with the request; try again. */
    public static ProblemException unavailable(String reason) {
        return new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, null, reason);
    }

    HttpStatus status() {
        return status;
    }

    /** By field; empty where none is at fault. */
    Map<String, String> reasons() {
        return reasons;
    }

    String detail() {
        String message = getMessage();
        return message == null ? status.getReasonPhrase() : message;
    }
}
