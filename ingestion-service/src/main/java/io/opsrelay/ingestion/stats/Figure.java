package io.opsrelay.ingestion.stats;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What is counted. Each has a count for each key. */
enum Figure {
    /** Tickets, in the minute in which they came. Key: none. */
    RECEIVED,
    /** The same by channel. */
    CHANNEL,
    /** The same by the category that the ticket has now; {@link #UNSET} if it has none. */
    CATEGORY,
    /** The same by the priority that the ticket has now. */
    PRIORITY,
    /** The same by industry. */
    INDUSTRY,
    /** Tickets that came into a status. Key: the status. */
    ENTERED,
    /** Tickets that left a status. Key: the status. */
    LEFT,
    /** Tickets that were resolved, or closed unresolved and not merged into another. Key: {@code alone} or {@code people}. */
    COMPLETED,
    /** Resolved or closed tickets that were taken up again. */
    REOPENED,
    /** Agent runs that ended. Key: the outcome. */
    RUN,
    /** Decisions about actions of tickets. Key: approved, rejected, responded, by_policy, expired. */
    APPROVAL,
    /** Texts that the agent understood. */
    CLASSIFIED,
    /** Classified tickets of which a person judged the category, once each. Key: left, confirmed, corrected. */
    REVIEWED,
    /** From the reception to the first thing said to the customer. Key: a class of {@link Times}. */
    FIRST_RESPONSE,
    /** Sum of these, milliseconds. */
    FIRST_RESPONSE_MILLIS,
    /** From the reception, or the reopening, to the completion. Key: a class of {@link Times}. */
    RESOLUTION,
    /** Sum of these, milliseconds. */
    RESOLUTION_MILLIS,
    /** What understanding a text took. Key: a class of {@link Times}. */
    PROCESSING,
    /** Sum of these, milliseconds. */
    PROCESSING_MILLIS;

    private static final Map<String, Figure> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Figure::wireName, figure -> figure));

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** Key of tickets that have no category, priority or industry. */
    static final String UNSET = "unset";

    /** Key of tickets that were completed without a person. */
    static final String ALONE = "alone";

    /** Key of tickets in whose completion a person had a part. */
    static final String PEOPLE = "people";

    /** Key of tickets that a person resolved or closed without a word about their category. */
    static final String LEFT_ALONE = "left";

    /** Key of tickets whose category a person confirmed. */
    static final String CONFIRMED = "confirmed";

    /** Key of tickets whose category a person changed. */
    static final String CORRECTED = "corrected";

    /** The name in the database. */
    String wireName() {
        return wireName;
    }

    /** @throws IllegalArgumentException for anything but a {@link #wireName()} */
    static Figure of(String wireName) {
        Figure figure = BY_NAME.get(wireName);
        if (figure == null) {
            throw new IllegalArgumentException("nothing that is counted is called " + wireName);
        }
        return figure;
    }
}
