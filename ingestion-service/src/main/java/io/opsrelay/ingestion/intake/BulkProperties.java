package io.opsrelay.ingestion.intake;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of {@code POST /api/v1/tickets/bulk}. The whole body's is {@code opsrelay.web.larger-bodies}.
 *
 * @param maxLine the longest line; longer ones are refused, each with its number
 * @param batch lines that are stored in one commit, 1 to 1,000: each holds a lock until it
 * @param linger how long a batch that is not full waits for more lines before it is stored and answered
 * @param atOnce requests at the same time; others are answered 503. Each keeps a place from single tickets
 */
@ConfigurationProperties("opsrelay.bulk")
record BulkProperties(
        @DefaultValue("1MB") DataSize maxLine,
        @DefaultValue("250") int batch,
        @DefaultValue("10ms") Duration linger,
        @DefaultValue("3") int atOnce) {

    private static final int MAX_BATCH = 1_000;

    BulkProperties {
        if (maxLine.toBytes() < 1 || maxLine.toBytes() > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException("opsrelay.bulk.max-line must be from 1 B to 1 GB");
        }
        if (batch < 1 || batch > MAX_BATCH) {
            throw new IllegalArgumentException("opsrelay.bulk.batch must be 1 to " + MAX_BATCH + ", not " + batch);
        }
        if (linger.isNegative()) {
            throw new IllegalArgumentException("opsrelay.bulk.linger must not be negative");
        }
        if (atOnce < 1) {
            throw new IllegalArgumentException("opsrelay.bulk.at-once must be at least 1, not " + atOnce);
        }
    }
}
