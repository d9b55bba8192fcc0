package io.opsrelay.gateway.socketio;

import java.util.ArrayList;
import java.util.List;

/**
 * A packet of Engine.IO 4: a digit, and what follows it. A WebSocket message is one packet; the body of a poll or post is
 * several, with {@code U+001E} between them. Binary packets are not known here: nothing that is sent is binary.
 */
record EnginePacket(Type type, String data) {

    /** In the order of their digits. */
    enum Type {
        OPEN,
        CLOSE,
        PING,
        PONG,
        MESSAGE,
        UPGRADE,
        NOOP
    }

    static final String CLOSE = "1";
    static final String PING = "2";
    static final String NOOP = "6";

    /** What an upgrade's ping and pong say. */
    static final String PROBE = "probe";

    private static final char SEPARATOR = '\u001e';

    /**
     * Reads one packet.
     *
     * @throws MalformedPacketException if it does not begin with one of the digits
     */
    static EnginePacket parse(String text) throws MalformedPacketException {
        int digit = text.isEmpty() ? -1 : text.charAt(0) - '0';
        Type[] types = Type.values();
        if (digit < 0 || digit >= types.length) {
            throw new MalformedPacketException("a packet begins with a digit from 0 to 6");
        }
        return new EnginePacket(types[digit], text.substring(1));
    }

    /**
     * Reads the body of a post.
     *
     * @throws MalformedPacketException if one of its packets is malformed, or there is none
     */
    static List<EnginePacket> parseAll(String body) throws MalformedPacketException {
        List<EnginePacket> packets = new ArrayList<>();
        int from = 0;
        for (int at = body.indexOf(SEPARATOR); at >= 0; at = body.indexOf(SEPARATOR, from)) {
            packets.add(parse(body.substring(from, at)));
            from = at + 1;
        }
        packets.add(parse(body.substring(from)));
        return packets;
    }

    /** The body of a poll's answer. */
    static String join(List<String> packets) {
        return String.join(String.valueOf(SEPARATOR), packets);
    }
}
