package io.opsrelay.ingestion.upstream;

import io.opsrelay.ingestion.ticket.TicketStatus;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Where a source writes what.
 *
 * @param paths by field
 * @param metadata by name; if null, the entries of the object {@code /metadata}
 * @param priorities ours by what the source calls it, in lower case
 * @param statuses what the source's mean here
 */
record Mapping(
        Map<String, JsonPointer> paths,
        @Nullable Map<String, JsonPointer> metadata,
        Map<String, String> priorities,
        Statuses statuses) {

    static final String SUBJECT = "subject";
    static final String BODY = "body";
    static final String CUSTOMER_EMAIL = "customer-email";
    static final String PRIORITY = "priority";
    static final String EXTERNAL_ID = "external-id";
    /** What a record adds to a ticket that is there; taken only where it is mapped. */
    static final String COMMENT = "comment";
    /** By which the source knows what a record adds; the event's id unless it is mapped. */
    static final String COMMENT_ID = "comment-id";
    /** How the ticket stands there; taken only where it is mapped. */
    static final String STATUS = "status";
    /** Since when; the event's time unless it is mapped. */
    static final String STATUS_AT = "status-at";

    private static final List<String> DEFAULTS = List.of(SUBJECT, BODY, CUSTOMER_EMAIL, PRIORITY, EXTERNAL_ID);
    private static final List<String> OPTIONAL = List.of(COMMENT, COMMENT_ID, STATUS, STATUS_AT);
    private static final List<String> PRIORITIES = List.of("low", "normal", "high", "urgent");
    private static final JsonPointer METADATA = JsonPointer.compile("/metadata");

    /** @throws IllegalArgumentException if a field is unknown, a path is none, or a value means nothing here */
    static Mapping of(
            Map<String, String> paths,
            @Nullable Map<String, String> metadata,
            Map<String, String> priorities,
            Statuses statuses) {
        Map<String, JsonPointer> all = new TreeMap<>();
        DEFAULTS.forEach(field -> all.put(field, JsonPointer.compile("/" + field.replace('-', '_'))));
        paths.forEach((name, path) -> {
            String field = name.replace('_', '-');
            if (!DEFAULTS.contains(field) && !OPTIONAL.contains(field)) {
                throw new IllegalArgumentException("mapping." + name + " is not a field; there are "
                        + String.join(", ", DEFAULTS) + ", " + String.join(", ", OPTIONAL));
            }
            all.put(field, pointer("mapping." + name, path));
        });
        Map<String, JsonPointer> entries = metadata == null
                ? null
                : metadata.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> pointer("metadata." + entry.getKey(), entry.getValue())));
        Map<String, String> known = new TreeMap<>();
        PRIORITIES.forEach(priority -> known.put(priority, priority));
        priorities.forEach((theirs, ours) -> {
            if (!PRIORITIES.contains(ours)) {
                throw new IllegalArgumentException(
                        "priorities." + theirs + " must be one of " + String.join(", ", PRIORITIES) + ", not " + ours);
            }
            known.put(theirs.toLowerCase(Locale.ROOT), ours);
        });
        return new Mapping(Map.copyOf(all), entries, Map.copyOf(known), statuses);
    }

    /** {@code requester.emails[0]} is {@code /requester/emails/0}. */
    private static JsonPointer pointer(String property, String path) {
        String pointer = path.startsWith("/")
                ? path
                : "/"
                        + path.replace("~", "~0")
                                .replace("/", "~1")
                                .replaceAll("\\[(\\d{1,4})]", ".$1")
                                .replace('.', '/');
        if (path.isBlank() || pointer.endsWith("/") || pointer.contains("//")) {
            throw new IllegalArgumentException(
                    property + " must be a JSON pointer like /a/b or a path like a.b, not '" + path + "'");
        }
        try {
            return JsonPointer.compile(pointer);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(property + " is not a JSON pointer: " + path, e);
        }
    }

    /**
     * The text that a field holds; numbers and truth values count as text.
     *
     * @return null if it is absent or null
     * @throws UnusableException if it is an object or a list
     */
    @Nullable
    String text(JsonNode data, String field) {
        JsonPointer path = paths.get(field);
        return path == null ? null : textAt(data, field, path);
    }

    /** Our name of the priority; null if the source sets none. */
    @Nullable
    String priority(JsonNode data) {
        String theirs = text(data, PRIORITY);
        if (theirs == null || theirs.isBlank()) {
            return null;
        }
        String ours = priorities.get(theirs.strip().toLowerCase(Locale.ROOT));
        if (ours == null) {
            throw new UnusableException(
                    "priority (at " + paths.get(PRIORITY) + ") is not mapped: " + UnusableException.clip(theirs));
        }
        return ours;
    }

    /**
     * What a status of the source's sets here; empty if nothing.
     *
     * @throws UnusableException if nobody knows
     */
    Optional<TicketStatus> status(String theirs) {
        return statuses.meaningOf(theirs, String.valueOf(paths.get(STATUS)));
    }

    /** Only what is there. */
    Map<String, String> metadataOf(JsonNode data) {
        Map<String, String> found = new TreeMap<>();
        if (metadata != null) {
            metadata.forEach((name, path) -> put(found, name, textAt(data, "metadata." + name, path)));
            return found;
        }
        JsonNode object = data.at(METADATA);
        if (object.isMissingNode() || object.isNull()) {
            return found;
        }
        if (!object.isObject()) {
            throw new UnusableException("metadata (at " + METADATA + ") is not an object");
        }
        object.properties()
                .forEach(entry ->
                        put(found, entry.getKey(), text("metadata." + entry.getKey(), METADATA, entry.getValue())));
        return found;
    }

    private static void put(Map<String, String> found, String name, @Nullable String value) {
        if (value != null) {
            found.put(name, value);
        }
    }

    private static @Nullable String textAt(JsonNode data, String field, JsonPointer path) {
        return text(field, path, data.at(path));
    }

    private static @Nullable String text(String field, JsonPointer path, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (value.isContainer()) {
            throw new UnusableException(field + " (at " + path + ") must be a text, not an object or a list");
        }
        return value.asString();
    }
}
