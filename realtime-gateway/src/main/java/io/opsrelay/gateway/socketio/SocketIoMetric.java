package io.opsrelay.gateway.socketio;

/** The metrics of this module. */
enum SocketIoMetric {
    /** Open now. */
    SESSIONS("opsrelay.socketio.sessions", "sessions", "Socket.IO sessions that are open"),
    /** Ended, by reason. */
    CLOSED("opsrelay.socketio.closed", "sessions", "Socket.IO sessions that ended, by reason"),
    /** Polling first, then WebSocket. */
    UPGRADED("opsrelay.socketio.upgraded", "sessions", "Sessions that went from polling to a WebSocket"),
    /** Refused before there was a session or with a connect error, by reason. */
    REFUSED("opsrelay.socketio.refused", "attempts", "Handshakes and connects that were refused, by reason"),
    /** Handed to sessions; a slow one may get the newest of several only. */
    DELIVERED("opsrelay.socketio.delivered", "packets", "Updates and activities handed to sessions"),
    /** Given up for slow sessions. */
    DROPPED("opsrelay.socketio.dropped", "packets", "Activities that were dropped because a session was too slow"),
    /** Not understood. */
    IGNORED("opsrelay.socketio.ignored", "frames", "Frames of metrics and ai that are of a shape unknown here"),
    /** Left memory too soon. */
    LOST("opsrelay.socketio.lost", "times", "Times that frames left memory before they were read for a client");

    private final String id;
    private final String unit;
    private final String meaning;

    SocketIoMetric(String id, String unit, String meaning) {
        this.id = id;
        this.unit = unit;
        this.meaning = meaning;
    }

    String id() {
        return id;
    }

    String unit() {
        return unit;
    }

    String meaning() {
        return meaning;
    }
}
