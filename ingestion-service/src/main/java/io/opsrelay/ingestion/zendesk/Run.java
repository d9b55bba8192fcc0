package io.opsrelay.ingestion.zendesk;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One pull of tickets from a Zendesk account, or the one ticket that a webhook told of.
 *
 * @param zendeskId the only ticket; absent if it pulls
 * @param force whether tickets that were processed before are worked on again
 * @param limit most tickets that it works on
 * @param onlyUnprocessed whether it goes on where the last one ended and leaves solved tickets alone
 * @param state pulling, waiting, completed or failed
 * @param cursor where its next page begins; absent for the beginning
 * @param troubles calls in a row that failed
 */
record Run(
        UUID runId,
        String channelId,
        String trigger,
        @Nullable Long zendeskId,
        boolean force,
        int limit,
        boolean onlyUnprocessed,
        @Nullable String industry,
        String state,
        @Nullable String cursor,
        int troubles,
        @Nullable String error,
        String createdBy,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    static final String PULLING = "pulling";

    /** Whether it goes on where earlier runs ended, and later ones will go on where it ends. */
    boolean followsCursor() {
        return onlyUnprocessed && !force;
    }
}
