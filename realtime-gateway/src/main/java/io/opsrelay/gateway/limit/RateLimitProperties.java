package io.opsrelay.gateway.limit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How many requests are let through. Each number is both a bucket's size and what flows into it in a second.
 *
 * @param perClient requests of all users of one client
 * @param perUser requests of one user
 * @param redis where the gateways share their counts, {@code redis://host:port}; without it each counts for itself
 * @param timeout how long Redis may take before a gateway counts for itself
 */
@ConfigurationProperties("opsrelay.edge.rate-limit")
record RateLimitProperties(
        @DefaultValue("2000") int perClient,
        @DefaultValue("2000") int perUser,
        @Nullable String redis,
        @DefaultValue("200ms") Duration timeout) {

    RateLimitProperties {
        redis = redis == null || redis.isBlank() ? null : redis;
        if (perClient < 1) {
            throw new IllegalArgumentException("opsrelay.edge.rate-limit.per-client must be positive");
        }
        if (perUser < 1) {
            throw new IllegalArgumentException("opsrelay.edge.rate-limit.per-user must be positive");
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("opsrelay.edge.rate-limit.timeout must be positive");
        }
    }
}
