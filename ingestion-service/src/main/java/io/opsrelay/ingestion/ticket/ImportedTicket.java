package io.opsrelay.ingestion.ticket;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A ticket that another system has worked already, with what it found.
 *
 * @param ticket its external id makes it the same one when it comes again
 * @param confidence of the category, 0 to 1
 * @param accuracy as the other system states it, 0 to 1
 * @param processingMillis time the other system spent on it
 * @param redactions how often each kind of personal data was taken out
 * @param replyDraft plain text; absent where the other system only says that there is one
 */
public record ImportedTicket(
        NewTicket ticket,
        @Nullable String category,
        @Nullable Double confidence,
        @Nullable Double accuracy,
        @Nullable String industry,
        @Nullable String region,
        @Nullable String method,
        @Nullable Double processingMillis,
        @Nullable Boolean piiProtected,
        @Nullable Map<String, Integer> redactions,
        boolean replyDrafted,
        @Nullable String replyDraft) {

    public ImportedTicket {
        Objects.requireNonNull(ticket);
        redactions = redactions == null ? null : Map.copyOf(redactions);
    }
}
