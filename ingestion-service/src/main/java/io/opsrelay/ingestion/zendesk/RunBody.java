package io.opsrelay.ingestion.zendesk;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person sends to begin a run.
 *
 * @param channelId which Zendesk account, where there are several
 * @param force whether tickets that were processed before are worked on again; false unless said
 * @param limit most tickets that are worked on, 1 to 1000; 50 unless said
 * @param onlyUnprocessed whether it goes on where the last one ended and leaves solved tickets alone; true unless said
 * @param industry told to the agent with each ticket
 */
record RunBody(
        @Nullable String channelId,
        @Nullable Boolean force,
        @Nullable Integer limit,
        @Nullable Boolean onlyUnprocessed,
        @Nullable String industry) {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_INDUSTRY = 100;

    /** What is wrong, by field; empty if nothing is. */
    Map<String, String> refusals() {
        Map<String, String> refusals = new LinkedHashMap<>();
        if (toLimit() < 1 || toLimit() > MAX_LIMIT) {
            refusals.put("limit", "must be a number from 1 to " + MAX_LIMIT);
        }
        if (industry != null
                && (industry.isBlank()
                        || industry.length() > MAX_INDUSTRY
                        || industry.codePoints().anyMatch(Character::isISOControl))) {
            refusals.put("industry", "must be 1 to " + MAX_INDUSTRY + " characters on one line");
        }
        return refusals;
    }

    boolean toForce() {
        return Boolean.TRUE.equals(force);
    }

    int toLimit() {
        return limit == null ? DEFAULT_LIMIT : limit;
    }

    boolean toOnlyUnprocessed() {
        return !Boolean.FALSE.equals(onlyUnprocessed);
    }
}
