package io.opsrelay.contracts;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that an AI employee did: an item of agent-service's list of activities and, with the same id and the same fields,
 * a frame of {@link Channels#AI}. Holds no words of a customer's.
 *
 * @param activityId one for each activity, however often it is told
 * @param aiEmployee who did it, by name
 * @param description for people, in English
 * @param ticketId what it was done for; absent from the older ones
 * @param customer id of the customer it was done for
 * @param outcome how it ended, of what ended something: resolved, escalated or failed
 */
public record AiActivity(
        UUID activityId,
        String aiEmployee,
        Type type,
        String description,
        @Nullable UUID ticketId,
        @Nullable String customer,
        @Nullable String outcome,
        Instant timestamp) {

    /** The frame's type. */
    public static final String FRAME = "ai_activity";

    public AiActivity {
        Require.present(activityId, "activity_id");
        Require.text(aiEmployee, "ai_employee");
        Require.present(type, "type");
        Require.text(description, "description");
        Require.present(timestamp, "timestamp");
    }

    /** As dashboards are told of it; {@code ai_employee} and {@code timestamp} stand where older dashboards look for them. */
    public FeedRecord toFeed() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("ai_employee", aiEmployee);
        data.put("activity", this);
        data.put("timestamp", timestamp);
        return new FeedRecord(Channels.AI, FRAME, activityId.toString(), 1, data);
    }

    /** Its kind. */
    public enum Type {
        CALL,
        BOOKING,
        EMAIL,
        TASK
    }
}
