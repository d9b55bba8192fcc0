package io.opsrelay.ingestion.zendesk;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Zendesk accounts are spoken to. The accounts themselves are channels of kind {@code zendesk}.
 *
 * @param allowPrivate whether an account may stand in our own network, and be spoken to without TLS
 * @param timeout for a whole answer
 * @param firstPause before a call that failed is tried again; it doubles with each
 * @param longestPause the most that a pause grows to
 * @param mostTroubles failures in a row after which a run or a comment is given up
 * @param tolerance how far timestamps of webhooks may be off
 */
@ConfigurationProperties("opsrelay.zendesk")
record ZendeskProperties(
        @DefaultValue("false") boolean allowPrivate,
        @DefaultValue("30s") Duration timeout,
        @DefaultValue("2s") Duration firstPause,
        @DefaultValue("10m") Duration longestPause,
        @DefaultValue("20") int mostTroubles,
        @DefaultValue("5m") Duration tolerance) {

    private static final int MOST_DOUBLINGS = 16;

    /** @param troubles in a row, from 1 */
    Duration pauseAfter(int troubles) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(Math.max(troubles, 1) - 1, MOST_DOUBLINGS));
        return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
}
