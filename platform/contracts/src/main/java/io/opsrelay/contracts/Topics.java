package io.opsrelay.contracts;

import java.util.List;

/**
 * Kafka topics, without the deployment's prefix ({@code opsrelay} by default, so {@code opsrelay.ticket.v1}). Each has
 * a dead-letter topic beside it, {@code <topic>-dlt}.
 */
public final class Topics {

    /** Every event of a ticket from every service, keyed by ticket id; an action without a ticket by action id. */
    public static final String TICKET = "ticket.v1";

    /** What dashboards may see, keyed by client id, so that a client lies in one partition. */
    public static final String FEED = "feed.v1";

    /** Written by other systems, in their own form: tickets for ingestion-service to take in. */
    public static final String UPSTREAM = "upstream.tickets";

    /** All topics that the services write or read. */
    public static final List<String> ALL = List.of(TICKET, FEED, UPSTREAM);

    /** The suffix of a dead-letter topic. */
    public static final String DEAD_LETTER_SUFFIX = "-dlt";

    private Topics() {}
}
