package io.opsrelay.agent.order;

/** The order system does not answer as it should. The message is meant for people. */
final class OrdersUnavailableException extends RuntimeException {

    OrdersUnavailableException(String reason) {
        super(reason);
    }

    OrdersUnavailableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
