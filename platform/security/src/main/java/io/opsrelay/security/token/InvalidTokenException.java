package io.opsrelay.security.token;

/** A token that is not believed. The message may be shown to the caller: it never holds the token. */
public final class InvalidTokenException extends RuntimeException {

    InvalidTokenException(String message) {
        super(message);
    }
}
