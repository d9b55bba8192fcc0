package io.opsrelay.gateway.socketio;

import java.util.Arrays;
import java.util.Locale;

/**
 * Why a session ends. Socket.IO has no codes: whoever may come back sees its transport close, and reconnects by itself;
 * others are told to disconnect, and do not. WebSockets carry the code besides, which is the realtime protocol's.
 */
enum Ending {
    /** The gateway stops. */
    DRAIN(1012, true),
    /** A frame that breaks the rules of WebSocket. */
    PROTOCOL(1002, false),
    /** A binary message. */
    BINARY(1003, false),
    /** A message that is not UTF-8. */
    NOT_UTF8(1007, false),
    /** A message or body over the limit. */
    TOO_LARGE(1009, false),
    /** The client said so, or its WebSocket is gone. */
    CLIENT(1000, true),
    /** Something here failed. */
    FAILED(1011, true),
    /** No valid token came in time. */
    NO_AUTH(4001, true),
    /** It had no token yet, and others without one came. */
    DISPLACED(4001, true),
    /** The token has expired; the next connection can bring another. */
    TOKEN_EXPIRED(4005, true),
    /** No pong came in time. */
    PING_TIMEOUT(4008, true),
    /** No packet of the protocol, or not now. */
    MALFORMED(4400, false),
    /** Too many packets in a minute. */
    TOO_MANY_FRAMES(4429, false);

    private final int code;
    private final boolean mayReturn;

    Ending(int code, boolean mayReturn) {
        this.code = code;
        this.mayReturn = mayReturn;
    }

    /** The one of that close code; {@link #PROTOCOL} if there is none. */
    static Ending of(int code) {
        return Arrays.stream(values())
                .filter(why -> why.code == code)
                .findFirst()
                .orElse(PROTOCOL);
    }

    int code() {
        return code;
    }

    /** For metrics and the close frame. */
    String reason() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean mayReturn() {
        return mayReturn;
    }
}
