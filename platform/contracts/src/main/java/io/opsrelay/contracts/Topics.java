package io.opsrelay.contracts;

import java.util.List;

/**
 * Kafka topics, without the deployment's prefix ({@code opsrelay} by default, so {@code opsrelay.ticket.v1}). Each has
 * a dead-letter topic beside it, {@code <topic>-dlt}.
 */
public final class Topics {

    /** Every event of a ticket from every service, keyed by ticket id; an action without a ticket by action id. */
    public static final String TICKET = "ticket.v1";

    /**
     * The events of those tickets that came many at once: what a client imports stands here in a line of its own, and nobody
     * else behind it. Which of the two a ticket's events take is told by its id, so all services send all of them to the same
     * one, and they keep their order.
     */
    public static final String TICKET_BULK = "ticket.bulk.v1";

    /**
     * What services hold of customers who asked for a copy, sealed, keyed by ticket id. Apart from the tickets' events, which
     * are small and must not wait behind it.
     */
    public static final String EXPORT = "export.v1";

    /** What dashboards may see, keyed by client id, so that a client lies in one partition. */
    public static final String FEED = "feed.v1";

    /** Written by other systems, in their own form: tickets for ingestion-service to take in. */
    public static final String UPSTREAM = "upstream.tickets";

    /** All topics that the services write or read. */
    public static final List<String> ALL = List.of(TICKET, TICKET_BULK, EXPORT, FEED, UPSTREAM);

    /** The suffix of a dead-letter topic. */
    public static final String DEAD_LETTER_SUFFIX = "-dlt";

    /** The version of the ids of tickets that came many at once (RFC 9562: one's own use of the bits); others have version 7. */
    public static final int BULK_ID_VERSION = 8;

    private static final int LENGTH_OF_ID = 36;
    private static final int PLACE_OF_VERSION = 14;

    private Topics() {}

    /**
     * The topic that an event with this key is sent to.
     *
     * @param topic as its type names it
     */
    public static String ofKey(String topic, String key) {
        return topic.equals(TICKET)
                        && key.length() == LENGTH_OF_ID
                        && key.charAt(PLACE_OF_VERSION) == '0' + BULK_ID_VERSION
                ? TICKET_BULK
                : topic;
    }

    /** All topics that hold events whose type names this one. */
    public static List<String> allOf(String topic) {
        return topic.equals(TICKET) ? List.of(TICKET, TICKET_BULK) : List.of(topic);
    }
}
