package io.opsrelay.gateway.socketio;

import io.opsrelay.contracts.ContractJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the gateway says, as Engine.IO packets that are ready to be sent. */
final class ServerPacket {

    /** The client is to leave, and not to come back by itself. */
    static final String DISCONNECT = "41";

    /** The answer to an upgrade's probe. */
    static final String PROBE_ANSWER = "3" + EnginePacket.PROBE;

    private ServerPacket() {}

    /** @param upgradable whether a WebSocket may follow */
    static String open(
            String session, boolean upgradable, Duration pingInterval, Duration pingTimeout, long maxPayload) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("sid", session);
        data.put("upgrades", upgradable ? List.of("websocket") : List.of());
        data.put("pingInterval", pingInterval.toMillis());
        data.put("pingTimeout", pingTimeout.toMillis());
        data.put("maxPayload", maxPayload);
        return "0" + json(data);
    }

    static String connected(String socket) {
        return "40" + json(Map.of("sid", socket));
    }

    /** @param message what the client finds as its {@code connect_error}'s message */
    static String connectError(String namespace, String message, String code, String detail) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("message", message);
        data.put("data", new Reason(code, detail));
        return "44" + (namespace.equals(ClientPacket.MAIN) ? "" : namespace + ",") + json(data);
    }

    static String event(String name, Object data) {
        return "42" + json(List.of(name, data));
    }

    private static String json(Object data) {
        return ContractJson.mapper().writeValueAsString(data);
    }

    private record Reason(String code, String detail) {}
}
