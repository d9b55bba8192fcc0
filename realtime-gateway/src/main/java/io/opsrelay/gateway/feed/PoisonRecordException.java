package io.opsrelay.gateway.feed;

/** A record that will never become a frame. The message goes to the dead-letter topic. */
final class PoisonRecordException extends Exception {

    PoisonRecordException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
