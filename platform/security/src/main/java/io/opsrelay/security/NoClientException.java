package io.opsrelay.security;

/** A caller without a client asked for a client's data. Answered 403. */
public final class NoClientException extends RuntimeException {

    NoClientException() {
        super("this needs a client, and an operator has none");
    }
}
