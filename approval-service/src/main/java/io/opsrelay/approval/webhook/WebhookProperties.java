package io.opsrelay.approval.webhook;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How webhooks are sent.
 *
 * @param keys file with the keys that seal endpoints' secrets, in each line one as {@code id base64}, of 32 bytes: the
 *     first one encrypts, all decrypt
 * @param allowPrivate whether endpoints may stand in our own network, and speak http without TLS
 * @param timeout for an endpoint's whole answer
 * @param pauses before the second attempt, the third, and so on; after the last of them a delivery is given up
 * @param jitter by what share a pause may be longer, so that what failed together does not come back together
 * @param concurrency most deliveries that this instance has under way
 * @param lanes most deliveries to one endpoint that all instances together have under way
 * @param most endpoints of a client
 * @param disableAfter an endpoint to which nothing could be delivered for that long is disabled
 * @param previousSecret how long a secret is used beside the one that took its place
 * @param retention how long deliveries are kept
 */
@ConfigurationProperties("opsrelay.webhooks")
record WebhookProperties(
        @Nullable Path keys,
        @DefaultValue("false") boolean allowPrivate,
        @DefaultValue("15s") Duration timeout,

        @DefaultValue({"5s", "5m", "30m", "2h", "5h", "10h", "14h"})
        List<Duration> pauses,

        @DefaultValue("0.2") double jitter,
        @DefaultValue("128") int concurrency,
        @DefaultValue("4") int lanes,
        @DefaultValue("20") int most,
        @DefaultValue("5d") Duration disableAfter,
        @DefaultValue("24h") Duration previousSecret,
        @DefaultValue("30d") Duration retention) {

    static final Duration PRUNE_EVERY = Duration.ofHours(6);

    private static final String PREFIX = "opsrelay.webhooks.";

    WebhookProperties {
        if (keys == null || keys.toString().isBlank()) {
            throw new IllegalArgumentException(PREFIX + "keys (OPSRELAY_WEBHOOK_KEYS) is not set");
        }
        pauses = List.copyOf(pauses);
        positive("timeout", timeout);
        pauses.forEach(pause -> positive("pauses", pause));
        positive("disable-after", disableAfter);
        positive("retention", retention);
        if (previousSecret.isNegative()) {
            throw new IllegalArgumentException(PREFIX + "previous-secret must not be negative");
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException(PREFIX + "jitter must be from 0 to 1, not " + jitter);
        }
        positive("concurrency", concurrency);
        positive("lanes", lanes);
        positive("most", most);
    }

    Path keyFile() {
        if (keys == null) {
            throw new IllegalStateException("guarded by the constructor");
        }
        return keys;
    }

    private static void positive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(PREFIX + name + " must be positive, not " + value);
        }
    }

    private static void positive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(PREFIX + name + " must be at least 1, not " + value);
        }
    }
}
