package io.opsrelay.gateway.stream;

import org.jspecify.annotations.Nullable;

/** A client's frame that is answered with an {@code error} frame. */
final class UnusableFrameException extends Exception {

    private final @Nullable String id;
    private final String code;

    UnusableFrameException(@Nullable String id, String code, String message) {
        super(message, null, false, false); // a client can cause thousands of these
        this.id = id;
        this.code = code;
    }

    @Nullable
    String id() {
        return id;
    }

    String code() {
        return code;
    }

    String explanation() {
        return String.valueOf(getMessage());
    }
}
