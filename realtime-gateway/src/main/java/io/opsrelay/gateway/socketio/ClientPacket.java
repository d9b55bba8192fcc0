package io.opsrelay.gateway.socketio;

import io.opsrelay.contracts.ContractJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a client says in Socket.IO 5, inside Engine.IO's messages. */
sealed interface ClientPacket {

    /** The only namespace there is. */
    String MAIN = "/";

    String namespace();

    /** @param token of the {@code auth} payload, if one is there */
    record Connect(String namespace, @Nullable String token) implements ClientPacket {
        /** Without the token. */
        @Override
        public String toString() {
            return "Connect[" + namespace + "]";
        }
    }

    /** Leaves the namespace. */
    record Disconnect(String namespace) implements ClientPacket {}

    /** An event or an acknowledgement: the older systems listened to none, and none is listened to here. */
    record Other(String namespace) implements ClientPacket {}

    /**
     * Reads {@code <type>[<namespace>,][<ack id>][<JSON>]}.
     *
     * @throws MalformedPacketException if it is not that, or a binary event
     */
    static ClientPacket parse(String message) throws MalformedPacketException {
        if (message.isEmpty()) {
            throw new MalformedPacketException("an empty message");
        }
        int at = 1;
        String namespace = MAIN;
        if (message.startsWith("/", at)) {
            int comma = message.indexOf(',', at);
            namespace = message.substring(at, comma < 0 ? message.length() : comma);
            at = comma < 0 ? message.length() : comma + 1;
        }
        String rest = message.substring(at);
        return switch (message.charAt(0)) {
            case '0' -> new Connect(namespace, tokenOf(rest));
            case '1' -> new Disconnect(namespace);
            case '2', '3' -> {
                if (!json(withoutId(rest)).isArray()) {
                    throw new MalformedPacketException("an event's payload is an array");
                }
                yield new Other(namespace);
            }
            default -> throw new MalformedPacketException("packets of this type are not for the server");
        };
    }

    private static @Nullable String tokenOf(String payload) throws MalformedPacketException {
        if (payload.isEmpty()) {
            return null;
        }
        JsonNode auth = json(payload);
        if (!auth.isObject()) {
            throw new MalformedPacketException("the auth payload is an object");
        }
        JsonNode token = auth.get("token");
        return token != null && token.isString() && !token.stringValue().isEmpty() ? token.stringValue() : null;
    }

    private static String withoutId(String rest) {
        int from = 0;
        while (from < rest.length() && Character.isDigit(rest.charAt(from))) {
            from++;
        }
        return rest.substring(from);
    }

    private static JsonNode json(String payload) throws MalformedPacketException {
        try {
            return ContractJson.mapper().readTree(payload);
        } catch (JacksonException e) {
            throw new MalformedPacketException("the payload is not valid JSON");
        }
    }
}
