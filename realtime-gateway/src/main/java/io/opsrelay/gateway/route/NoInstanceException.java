package io.opsrelay.gateway.route;

import java.net.ConnectException;

/** A service that has no instance now. Answered like one whose instances cannot be reached. */
final class NoInstanceException extends ConnectException {

    NoInstanceException(String service) {
        super(service + " has no instance now");
    }
}
