package io.opsrelay.contracts;

import java.util.Map;

/**
 * One thing that a client's dashboards see. Holds no unredacted personal data.
 *
 * @param channel one of {@link Channels}
 * @param type the frame's type in snake_case, e.g. {@code ticket_classified}
 * @param key the entity's id; consumers that apply a record twice use it with {@code version}
 * @param version the entity's version after the change, counted from 1
 * @param data what the frame carries, snake_case names to JSON values; {@code version} is added to it on the wire
 */
public record FeedRecord(String channel, String type, String key, long version, Map<String, Object> data) {

    /** CloudEvents type of every record on the feed topic. */
    public static final String CLOUD_EVENT_TYPE = "io.opsrelay.feed.record.v1";

    public FeedRecord {
        Require.text(channel, "channel");
        Require.text(key, "key");
        if (!Require.text(type, "type").matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("type must be snake_case: " + type);
        }
        if (version < 1) {
            throw new IllegalArgumentException("version must be at least 1");
        }
        data = Require.map(data, "data");
    }
}
