package io.opsrelay.gateway.stream;

import java.util.Arrays;
import java.util.Locale;

/** Why the gateway ends a connection. 400x invite a reconnect, 44xx do not until something changes. */
enum CloseCode {
    DRAIN(1012, "the gateway restarts"),
    PROTOCOL(1002, "this is not how WebSocket frames are made"),
    BINARY(1003, "text frames only"),
    NOT_UTF8(1007, "a text frame is not valid UTF-8"),
    TOO_LARGE(1009, "the frame is too large"),
    NO_AUTH(4001, "no valid token came in time"),
    DISPLACED(4001, "too many connections without a token; come again and send it at once"),
    TOKEN_EXPIRED(4005, "the token has expired"),
    STALLED(4008, "the connection took nothing for too long"),
    INACTIVE(4009, "nothing came from the client for too long"),
    OFFENCES(4400, "too many malformed or forbidden frames"),
    TOO_MANY_FRAMES(4429, "too many frames in a minute"),
    TOO_MANY_CONNECTIONS(4430, "too many connections");

    private final int code;
    private final String reason;

    CloseCode(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /** The one of that code; {@link #PROTOCOL} if there is none. */
    static CloseCode of(int code) {
        return Arrays.stream(values())
                .filter(why -> why.code == code)
                .findFirst()
                .orElse(PROTOCOL);
    }

    int code() {
        return code;
    }

    /** Where there are no close frames: the code of an error frame. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String reason() {
        return reason;
    }
}
