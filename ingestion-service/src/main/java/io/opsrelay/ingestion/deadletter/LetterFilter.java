package io.opsrelay.ingestion.deadletter;

import io.opsrelay.security.web.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are meant; what is absent does not filter.
 *
 * @param topic without the prefix, as in {@code ticket.v1}, or in full
 * @param consumer the group
 * @param eventType CloudEvents type
 * @param reason what the reason contains, in whatever case
 * @param from set aside then or later
 * @param to set aside before
 */
record LetterFilter(
        @Nullable LetterState state,
        @Nullable String topic,
        @Nullable String consumer,
        @Nullable String eventType,
        @Nullable String reason,
        @Nullable Instant from,
        @Nullable Instant to) {

    /** @throws ProblemException 400 if one of them is not to be understood */
    static LetterFilter of(
            @Nullable String state,
            @Nullable String topic,
            @Nullable String consumer,
            @Nullable String eventType,
            @Nullable String reason,
            @Nullable String from,
            @Nullable String to) {
        return new LetterFilter(
                state == null ? null : stateOf(state),
                text("topic", topic),
                text("consumer", consumer),
                text("event_type", eventType),
                text("reason", reason),
                time("from", from),
                time("to", to));
    }

    private static LetterState stateOf(String name) {
        return LetterState.named(name)
                .orElseThrow(() -> ProblemException.badRequest(
                        "state",
                        "must be one of "
                                + Arrays.stream(LetterState.values())
                                        .map(LetterState::wireName)
                                        .collect(Collectors.joining(", "))));
    }

    private static @Nullable String text(String field, @Nullable String value) {
        if (value != null && value.indexOf('\0') >= 0) {
            throw ProblemException.badRequest(field, "must not contain a NUL character");
        }
        return value;
    }

    private static @Nullable Instant time(String field, @Nullable String value) {
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeException e) {
            throw ProblemException.badRequest(field, "must be a time like 2026-11-26T12:00:00Z");
        }
    }

    /** To be put behind {@code where ...}. */
    String conditions() {
        StringBuilder conditions = new StringBuilder();
        add(conditions, state, "state = :state");
        add(conditions, topic, "(topic = :topic or right(topic, length(:topic) + 1) = '.' || :topic)");
        add(conditions, consumer, "consumer = :consumer");
        add(conditions, eventType, "event_type = :eventType");
        add(conditions, reason, "strpos(lower(reason), lower(:reason)) > 0");
        add(conditions, from, "set_aside_at >= :from");
        add(conditions, to, "set_aside_at < :to");
        return conditions.toString();
    }

    private static void add(StringBuilder conditions, @Nullable Object value, String condition) {
        if (value != null) {
            conditions.append(" and ").append(condition);
        }
    }

    /** By name, those that {@link #conditions} uses. */
    Map<String, @Nullable Object> parameters() {
        Map<String, @Nullable Object> all = new HashMap<>();
        put(all, "state", state == null ? null : state.wireName());
        put(all, "topic", topic);
        put(all, "consumer", consumer);
        put(all, "eventType", eventType);
        put(all, "reason", reason);
        put(all, "from", from == null ? null : LetterStore.utc(from));
        put(all, "to", to == null ? null : LetterStore.utc(to));
        return all;
    }

    private static void put(Map<String, @Nullable Object> all, String name, @Nullable Object value) {
        if (value != null) {
            all.put(name, value);
        }
    }
}
