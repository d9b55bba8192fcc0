package io.opsrelay.ingestion.stats;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a ticket and is counted.
 *
 * @param seq its place in the ticket's timeline, from 1
 * @param event the timeline's name for it
 * @param byPerson whether a person did it
 * @param status the ticket's, after it
 * @param priority the ticket's, after it
 * @param category the ticket's, after it
 * @param industry if this event told it
 * @param outcome of the agent run that it ended
 * @param processingMillis what understanding the text took
 * @param replied whether it said something to the customer
 */
record Step(
        UUID ticketId,
        long seq,
        Instant at,
        String event,
        boolean byPerson,
        String status,
        String channel,
        @Nullable String priority,
        @Nullable String category,
        @Nullable String industry,
        @Nullable String outcome,
        @Nullable Double processingMillis,
        boolean replied) {}
