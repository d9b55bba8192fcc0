package io.opsrelay.standalone.control;

import java.util.Locale;

/**
 * An answer to an HTTP request.
 *
 * @param body written as JSON
 * @param afterwards done once the answer has gone out
 */
record Reply(int status, Object body, Runnable afterwards) {

    /** As of RFC 9457, with a code that programs can rely on. */
    record Problem(String code, String title, int status, String detail) {}

    static Reply of(int status, Object body) {
        return new Reply(status, body, () -> {});
    }

    static Reply problem(int status, String code, String detail) {
        String title = code.substring(0, 1).toUpperCase(Locale.ROOT)
                + code.substring(1).replace('_', ' ');
        return of(status, new Problem(code, title, status, detail));
    }

    String contentType() {
        return body instanceof Problem ? "application/problem+json" : "application/json";
    }
}
