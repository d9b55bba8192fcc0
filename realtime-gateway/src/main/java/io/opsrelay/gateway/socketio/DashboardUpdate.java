package io.opsrelay.gateway.socketio;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.MetricsUpdated;
import io.opsrelay.gateway.feed.FeedChannels;
import io.opsrelay.gateway.feed.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What this module understands of the feed; the rest of it is no business of these dashboards. The {@code data} of a
 * record on the channel
 *
 * <ul>
 *   <li>{@code metrics} is {@code {"metric":"calls","value":12,"ai_employee":"luna","timestamp":"2026-11-20T10:00:00Z"}}:
 *       a number or a text, of an AI employee ({@code performance}, {@code calls}, {@code bookings}, {@code revenue}) or,
 *       without {@code ai_employee}, of the client. It is a state channel, so the record's key must be one for each
 *       pair of employee and metric. A record with several figures of the client, {@link MetricsUpdated}, names them
 *       under {@code figures}.
 *   <li>{@code ai} is {@code {"ai_employee":"luna","activity":{"type":"booking","description":"…"},"timestamp":"…"}};
 *       the activity's further fields (customer, value, …) are passed on.
 * </ul>
 *
 * {@code timestamp} may be absent; then the record's own time stands for it. Further fields are ignored.
 */
sealed interface DashboardUpdate {

    /** When it was measured or done. */
    String timestamp();

    /** @param aiEmployee whose; null for the client's own */
    record Metric(@Nullable String aiEmployee, String metric, JsonNode value, String timestamp)
            implements DashboardUpdate {}

    /** Something that an AI employee did. */
    record Activity(String aiEmployee, JsonNode activity, String timestamp) implements DashboardUpdate {}

    /** What the frame says; nothing if it is not understood. */
    static List<DashboardUpdate> of(Frame frame) {
        JsonNode whole = ContractJson.mapper().readTree(frame.text()); // sound: the feed's reader has checked it
        JsonNode data = whole.get("data");
        String timestamp = text(data, "timestamp");
        if (timestamp == null) {
            timestamp = whole.get("time").stringValue();
        }
        if (!frame.channel().equals(FeedChannels.AI) && data.path("figures").isObject()) {
            return figures(data.get("figures"), timestamp);
        }
        DashboardUpdate one =
                frame.channel().equals(FeedChannels.AI) ? activity(data, timestamp) : metric(data, timestamp);
        return one == null ? List.of() : List.of(one);
    }

    private static List<DashboardUpdate> figures(JsonNode figures, String timestamp) {
        return figures.properties().stream()
                .filter(figure -> isShown(figure.getValue()))
                .<DashboardUpdate>map(figure -> new Metric(null, figure.getKey(), figure.getValue(), timestamp))
                .toList();
    }

    private static boolean isShown(@Nullable JsonNode value) {
        return value != null && (value.isNumber() || value.isString());
    }

    private static @Nullable DashboardUpdate metric(JsonNode data, String timestamp) {
        String metric = text(data, "metric");
        JsonNode value = data.get("value");
        if (metric == null || !isShown(value)) {
            return null;
        }
        String employee = text(data, "ai_employee");
        boolean unusable = employee == null && data.hasNonNull("ai_employee");
        return unusable ? null : new Metric(employee, metric, value, timestamp);
    }

    private static @Nullable DashboardUpdate activity(JsonNode data, String timestamp) {
        String employee = text(data, "ai_employee");
        JsonNode activity = data.get("activity");
        if (employee == null || activity == null || text(activity, "type") == null) {
            return null;
        }
        return new Activity(employee, activity, timestamp);
    }

    private static @Nullable String text(JsonNode object, String field) {
        JsonNode node = object.get(field);
        return node != null && node.isString() && !node.stringValue().isEmpty() ? node.stringValue() : null;
    }
}
