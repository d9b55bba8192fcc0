package io.opsrelay.security.web;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of the HTTP edge.
 *
 * @param maxBody the largest request body, 1 MiB unless set
 * @param largerBodies the largest request body of a path that takes more than others, by path; {@code *} stands for one
 *     part of a path
 * @param atOnce requests served at the same time; fewer than database connections, so that events always get one
 * @param longPaths paths of uploads and downloads, which last as long as the caller's line makes them: they take no place
 *     of {@code atOnce}
 * @param longAtOnce requests of {@code longPaths} served at the same time
 * @param patience how long a request waits for its turn until it is answered 503
 */
@ConfigurationProperties("opsrelay.web")
record WebProperties(
        @DefaultValue("1MB") DataSize maxBody,
        @DefaultValue Map<String, DataSize> largerBodies,
        @DefaultValue("10") int atOnce,
        @DefaultValue List<String> longPaths,
        @DefaultValue("64") int longAtOnce,
        @DefaultValue("2s") Duration patience) {

    WebProperties {
        largerBodies = Map.copyOf(largerBodies);
        longPaths = List.copyOf(longPaths);
        if (longAtOnce < 1) {
            throw new IllegalArgumentException("opsrelay.web.long-at-once must be at least 1, not " + longAtOnce);
        }
        if (atOnce < 1) {
            throw new IllegalArgumentException("opsrelay.web.at-once must be at least 1, not " + atOnce);
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("opsrelay.web.patience must not be negative");
        }
    }
}
