package io.opsrelay.gateway.stream;

/** The metrics of this module. */
enum StreamMetric {
    /** Open now. */
    CONNECTIONS("opsrelay.stream.connections", "connections", "Open WebSockets and streams of server-sent events"),
    /** Ended, by close code. */
    CLOSED("opsrelay.stream.closed", "connections", "Connections that the gateway ended, by close code"),
    /** Ended before they brought a token, to let others in. */
    DISPLACED(
            "opsrelay.stream.displaced", "connections", "Connections without a token that were ended to let others in"),
    /** Frames of the feed, sent. */
    DELIVERED("opsrelay.stream.delivered", "frames", "Feed frames written to connections"),
    /** Told to load a snapshot anew, by reason. */
    RESYNCS(
            "opsrelay.stream.resyncs",
            "resyncs",
            "Subscriptions that were told to load their snapshot anew, by reason"),
    /** Answered with an error frame, by code. */
    ERRORS("opsrelay.stream.errors", "frames", "Error frames sent, by code"),
    /** Handshakes refused, by reason. */
    REFUSED("opsrelay.stream.refused", "handshakes", "WebSocket handshakes that were refused, by reason");

    private final String id;
    private final String unit;
    private final String meaning;

    StreamMetric(String id, String unit, String meaning) {
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
