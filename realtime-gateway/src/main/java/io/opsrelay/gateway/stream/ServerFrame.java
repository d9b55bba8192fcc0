package io.opsrelay.gateway.stream;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.gateway.feed.FeedChannels;
import io.opsrelay.gateway.feed.Position;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gateway itself says, as UTF-8 JSON. Frames of the feed come ready-made. */
final class ServerFrame {

    private ServerFrame() {}

    static byte[] authSuccess(Caller caller, String connectionId, Duration heartbeat) {
        Map<String, Object> data = new LinkedHashMap<>();
        putIfPresent(data, "client_id", caller.clientIdOrNull());
        data.put("user", caller.user());
        data.put("roles", caller.roles().stream().map(Role::wireName).sorted().toList());
        data.put("expires_at", caller.expiresAt().toString());
        data.put("heartbeat_seconds", Math.max(1, heartbeat.toSeconds()));
        data.put("connection_id", connectionId);
        return frame("auth_success", null, null, data);
    }

    static byte[] subscribed(@Nullable String id, String channel, Position position, boolean recovered) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("channel", channel);
        data.put("epoch", position.epoch());
        data.put("offset", position.offset());
        data.put("recovered", recovered);
        return frame("subscribed", id, null, data);
    }

    static byte[] unsubscribed(@Nullable String id, String channel) {
        return frame("unsubscribed", id, null, Map.of("channel", channel));
    }

    static byte[] resync(Channel channel, String reason) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("reason", reason);
        putIfPresent(data, "snapshot", channel.snapshot());
        return frame("resync", null, channel.name(), data);
    }

    static byte[] reconnect(long afterMillis, String reason) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("after_ms", afterMillis);
        data.put("reason", reason);
        return frame("reconnect", null, null, data);
    }

    static byte[] error(@Nullable String id, String code, String message, @Nullable String channel) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("code", code);
        data.put("message", message);
        putIfPresent(data, "channel", channel);
        return frame("error", id, null, data);
    }

    /** The gateway is about to end what has no close frames. */
    static byte[] ending(CloseCode why) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("code", why.label());
        data.put("message", why.reason());
        data.put("close_code", why.code());
        return frame("error", null, null, data);
    }

    /**
     * Nothing has been reported on a state channel.
     *
     * @param id of the request that it answers, if it answers one
     * @param key of the one entity that was asked for; null: nothing on any
     * @param position up to which that is so
     */
    static byte[] emptyState(@Nullable String id, String channel, @Nullable String key, Position position) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("type", "state_empty");
        putIfPresent(frame, "id", id);
        frame.put("channel", channel);
        frame.put("epoch", position.epoch());
        frame.put("offset", position.offset());
        frame.put("snapshot", true);
        putIfPresent(frame, "key", key);
        frame.put("data", Map.of());
        return ContractJson.mapper().writeValueAsBytes(frame);
    }

    /** Without a position: it is not kept, and nobody misses it. */
    static byte[] typing(String user, String sessionId) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("session_id", sessionId);
        data.put("user", user);
        return frame("typing_indicator", null, FeedChannels.MESSAGES, data);
    }

    static byte[] heartbeat(@Nullable Position position) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("type", "heartbeat");
        if (position != null) {
            frame.put("epoch", position.epoch());
            frame.put("offset", position.offset());
        }
        return ContractJson.mapper().writeValueAsBytes(frame);
    }

    private static byte[] frame(String type, @Nullable String id, @Nullable String channel, Map<String, Object> data) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("type", type);
        putIfPresent(frame, "id", id);
        putIfPresent(frame, "channel", channel);
        frame.put("data", data);
        return ContractJson.mapper().writeValueAsBytes(frame);
    }

    private static void putIfPresent(Map<String, Object> into, String name, @Nullable String value) {
        if (value != null) {
            into.put(name, value);
        }
    }
}
