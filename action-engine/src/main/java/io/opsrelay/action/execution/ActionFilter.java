package io.opsrelay.action.execution;

import io.opsrelay.action.execution.ActionState.Status;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which actions of the log are wanted; what is absent does not narrow it.
 *
 * @param target exact, or a prefix with {@code *} at its end
 * @param from created then or later
 * @param to created before then
 */
record ActionFilter(
        @Nullable UUID ticketId,
        @Nullable Status status,
        @Nullable String actionType,
        @Nullable String target,
        @Nullable String requester,
        @Nullable String provider,
        @Nullable Instant from,
        @Nullable Instant to) {

    /** Conditions that begin with {@code and}. */
    String sql() {
        return (ticketId == null ? "" : " and ticket_id = :ticket")
                + (status == null ? "" : " and status = :status")
                + (actionType == null ? "" : " and action_type = :type")
                + (target == null
                        ? ""
                        : isPrefix(target) ? " and starts_with(target, :target)" : " and target = :target")
                + (requester == null ? "" : " and requester = :requester")
                + (provider == null ? "" : " and provider = :provider")
                + (from == null ? "" : " and created_at >= :from")
                + (to == null ? "" : " and created_at < :to");
    }

    /** Parameters of the conditions. */
    Map<String, @Nullable Object> params() {
        Map<String, @Nullable Object> params = new LinkedHashMap<>();
        params.put("ticket", ticketId);
        params.put("status", status == null ? null : status.wireName());
        params.put("type", actionType);
        params.put("target", target == null || !isPrefix(target) ? target : target.substring(0, target.length() - 1));
        params.put("requester", requester);
        params.put("provider", provider);
        params.put("from", from == null ? null : from.atOffset(ZoneOffset.UTC));
        params.put("to", to == null ? null : to.atOffset(ZoneOffset.UTC));
        return params;
    }

    private static boolean isPrefix(String pattern) {
        return pattern.endsWith("*");
    }
}
