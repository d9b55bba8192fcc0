package io.opsrelay.agent.order;

/** A field of an order that is not what it must be. */
final class InvalidOrderException extends IllegalArgumentException {

    private final String field;

    InvalidOrderException(String field, String reason) {
        super(reason);
        this.field = field;
    }

    String field() {
        return field;
    }
}
