package io.opsrelay.standalone.demo;

import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What the gateway said to a request.
 *
 * @param status the HTTP status, {@value #NONE} where none came
 * @param body an empty object where it is no JSON
 * @param retryAfter how long one is asked to wait
 */
public record Answer(int status, JsonNode body, Optional<Duration> retryAfter) {

    /** No answer came. */
    public static final int NONE = 0;

    /** Whether it was done. */
    public boolean succeeded() {
        return status >= 200 && status < 300;
    }

    /** Whether the same request may well succeed later. */
    public boolean isNotNow() {
        return status == NONE || status == 429 || status == 502 || status == 503 || status == 504;
    }

    /** For counts: {@code 503}, or {@code no answer}. */
    String label() {
        return status == NONE ? "no answer" : Integer.toString(status);
    }

    /** The reason in words, as a problem states it. */
    public String reason() {
        String title = body.path("title").asString("");
        String detail = body.path("detail").asString("");
        return label() + (title.isEmpty() ? "" : " " + title) + (detail.isEmpty() ? "" : ": " + detail);
    }
}
