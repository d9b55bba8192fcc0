package io.opsrelay.gateway.socketio;

/** Something that is no packet of the protocol, or one that has no business here. */
final class MalformedPacketException extends Exception {

    MalformedPacketException(String message) {
        super(message, null, false, false); // a client can cause thousands of these
    }
}
