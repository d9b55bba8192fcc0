package io.opsrelay.approval.request;

import java.time.Instant;

/**
 * Somebody looks at a request, so that others need not. It bars nobody from deciding.
 *
 * @param by {@code user:<name>}
 * @param until when it lapses
 */
record Claim(String by, Instant until) {

    boolean holds(Instant now) {
        return now.isBefore(until);
    }
}
