package io.opsrelay.security.token;

/** The issuer's keys could not be fetched: nobody's fault but the house's. Answered 503. */
public final class IssuerUnreachableException extends RuntimeException {

    IssuerUnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
