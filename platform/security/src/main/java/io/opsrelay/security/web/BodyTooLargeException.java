package io.opsrelay.security.web;

import java.io.IOException;

/** A request body went past its limit while it was read. Answered 413. */
public final class BodyTooLargeException extends IOException {

    BodyTooLargeException(long limitBytes) {
        super(explain(limitBytes));
    }

    static String explain(long limitBytes) {
        return "the body is larger than the " + limitBytes + " bytes allowed here";
    }
}
