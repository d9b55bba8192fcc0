package io.opsrelay.gateway.session;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a browser stays signed in.
 *
 * @param idle after so long without a renewal the password is asked for again
 * @param longest after so long it is asked for in any case
 * @param leeway how long after a renewal the old cookie may still be shown: two tabs renew at once, an answer is lost
 * @param cookieKeys file of keys that seal the cookie, lines as {@code id base64} of 32 bytes, the newest first;
 *     without it the key is derived from the issuer's
 * @param redis where the gateways share which cookies were used, {@code redis://host:port}; without it each knows its
 *     own alone
 * @param timeout how long Redis may take
 */
@ConfigurationProperties("opsrelay.sign-in.session")
record SessionProperties(
        @DefaultValue("12h") Duration idle,
        @DefaultValue("7d") Duration longest,
        @DefaultValue("30s") Duration leeway,
        @Nullable Path cookieKeys,
        @Nullable String redis,
        @DefaultValue("200ms") Duration timeout) {

    SessionProperties {
        redis = redis == null || redis.isBlank() ? null : redis;
        cookieKeys = cookieKeys == null || cookieKeys.toString().isBlank() ? null : cookieKeys;
        if (idle.toSeconds() < 1 || longest.compareTo(idle) < 0) {
            throw new IllegalArgumentException(
                    "opsrelay.sign-in.session.idle must be at least a second, and longest no shorter");
        }
        if (leeway.isNegative() || leeway.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException("opsrelay.sign-in.session.leeway must be at most 5 minutes");
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("opsrelay.sign-in.session.timeout must be positive");
        }
    }
}
