package io.opsrelay.action.deployment;

/** An argument is not what it must be. */
final class InvalidArgumentException extends RuntimeException {

    private final String field;

    InvalidArgumentException(String field, String reason) {
        super(reason);
        this.field = field;
    }

    String field() {
        return field;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
