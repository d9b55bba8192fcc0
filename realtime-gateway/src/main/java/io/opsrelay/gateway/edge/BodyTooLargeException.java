package io.opsrelay.gateway.edge;

import java.io.IOException;

/** A request body went past its limit while it was read. Answered 413. */
final class BodyTooLargeException extends IOException {

    private final String detail;

    BodyTooLargeException(long limitBytes) {
        this.detail = "the body is larger than the " + limitBytes + " bytes allowed here";
    }

    String detail() {
        return detail;
    }

    @Override
    public String getMessage() {
        return detail;
    }
}
