package io.opsrelay.gateway.stream;

import io.opsrelay.gateway.feed.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client says. */
sealed interface ClientFrame {

    /** The first frame. */
    record Auth(String token) implements ClientFrame {
        /** Without the token. */
        @Override
        public String toString() {
            return "Auth[]";
        }
    }

    /** Before the old token expires. */
    record Refresh(@Nullable String id, String token) implements ClientFrame {
        /** Without the token. */
        @Override
        public String toString() {
            return "Refresh[]";
        }
    }

    /** @param resume the last position that the client knows */
    record Subscribe(
            @Nullable String id, String channel, @Nullable Position resume) implements ClientFrame {}

    /** Ends a subscription. */
    record Unsubscribe(@Nullable String id, String channel) implements ClientFrame {}

    /** A sign of life. */
    record Heartbeat() implements ClientFrame {}

    /**
     * Asks for the present state of a channel.
     *
     * @param key the one entity that is asked for; null: all
     */
    record StateRequest(
            @Nullable String id, String channel, @Nullable String key) implements ClientFrame {}

    /** This person writes a message in that session. */
    record Typing(@Nullable String id, String sessionId) implements ClientFrame {}

    /**
     * Reads a frame.
     *
     * @throws UnusableFrameException if it is not one of the protocol
     */
    static ClientFrame parse(String text) throws UnusableFrameException {
        JsonNode frame;
        try {
            frame = Json.MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new UnusableFrameException(null, "malformed", "the frame is not valid JSON");
        }
        if (!frame.isObject()) {
            throw new UnusableFrameException(null, "malformed", "the frame is not a JSON object");
        }
        String id = idOf(frame);
        String type = text(frame.get("type"));
        if (type == null) {
            throw new UnusableFrameException(id, "missing_field", "type is missing");
        }
        JsonNode data = frame.get("data");
        if (data != null && !data.isNull() && !data.isObject()) {
            throw new UnusableFrameException(id, "malformed", "data is not a JSON object");
        }
        return switch (type) {
            case "auth" -> new Auth(tokenOf(id, data));
            case "refresh" -> new Refresh(id, tokenOf(id, data));
            case "subscribe" -> new Subscribe(id, channelOf(id, frame, data), resumeOf(id, data));
            case "unsubscribe" -> new Unsubscribe(id, channelOf(id, frame, data));
            case "heartbeat" -> new Heartbeat();
            case "request_session_update" ->
                new StateRequest(id, "sessions", data == null ? null : text(data.get("session_id")));
            case "request_queue_update" -> new StateRequest(id, "queue", null);
            case "request_metrics_update" -> new StateRequest(id, "metrics", null);
            case "typing" -> new Typing(id, sessionOf(id, data));
            default -> throw new UnusableFrameException(id, "unknown_type", "this type is not known here");
        };
    }

    private static @Nullable String idOf(JsonNode frame) throws UnusableFrameException {
        JsonNode id = frame.get("id");
        if (id == null || id.isNull()) {
            return null;
        }
        String text = id.isNumber() ? id.asString() : text(id);
        if (text == null || text.length() > 64) {
            throw new UnusableFrameException(null, "malformed", "id is not a text of at most 64 characters");
        }
        return text;
    }

    private static String tokenOf(@Nullable String id, @Nullable JsonNode data) throws UnusableFrameException {
        String token = data == null ? null : text(data.get("token"));
        if (token == null) {
            throw new UnusableFrameException(id, "missing_field", "data.token is missing");
        }
        return token;
    }

    private static String sessionOf(@Nullable String id, @Nullable JsonNode data) throws UnusableFrameException {
        String session = data == null ? null : text(data.get("session_id"));
        if (session == null) {
            throw new UnusableFrameException(id, "missing_field", "data.session_id is missing");
        }
        if (session.length() > 64) {
            throw new UnusableFrameException(id, "malformed", "data.session_id is longer than 64 characters");
        }
        return session;
    }

    /** Older clients put the channel beside the type. */
    private static String channelOf(@Nullable String id, JsonNode frame, @Nullable JsonNode data)
            throws UnusableFrameException {
        String channel = data == null ? null : text(data.get("channel"));
        if (channel == null) {
            channel = text(frame.get("channel"));
        }
        if (channel == null) {
            throw new UnusableFrameException(id, "missing_field", "data.channel is missing");
        }
        return channel;
    }

    private static @Nullable Position resumeOf(@Nullable String id, @Nullable JsonNode data)
            throws UnusableFrameException {
        JsonNode resume = data == null ? null : data.get("resume");
        if (resume == null || resume.isNull()) {
            return null;
        }
        String epoch = text(resume.get("epoch"));
        JsonNode offset = resume.get("offset");
        if (epoch == null
                || offset == null
                || !offset.isIntegralNumber()
                || !offset.canConvertToLong()
                || offset.longValue() < -1) {
            throw new UnusableFrameException(id, "malformed", "data.resume needs an epoch and an offset");
        }
        return new Position(epoch, offset.longValue());
    }

    private static @Nullable String text(@Nullable JsonNode node) {
        return node != null && node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }

    /** Reads what clients send: shallow, and nothing after it. */
    final class Json {

        private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(10)
                                .build())
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();

        private Json() {}
    }
}
