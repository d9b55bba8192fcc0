package io.opsrelay.gateway.socketio;

/** A request that is answered with 400 and Engine.IO's own code. */
final class EngineException extends Exception {

    /** Codes and texts are Engine.IO's; clients show them. */
    enum Reason {
        TRANSPORT_UNKNOWN(0, "Transport unknown"),
        SESSION_UNKNOWN(1, "Session ID unknown"),
        BAD_METHOD(2, "Bad handshake method"),
        BAD_REQUEST(3, "Bad request"),
        VERSION(5, "Unsupported protocol version");

        private final int code;
        private final String text;

        Reason(int code, String text) {
            this.code = code;
            this.text = text;
        }

        String json() {
            return "{\"code\":" + code + ",\"message\":\"" + text + "\"}";
        }
    }

    private final Reason reason;

    EngineException(Reason reason) {
        super(reason.text, null, false, false); // a client can cause thousands of these
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
