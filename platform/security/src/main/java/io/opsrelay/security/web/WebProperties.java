package io.opsrelay.security.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of the HTTP edge.
 *
 * @param maxBody the largest request body, 1 MiB unless set; streaming endpoints bring limits of their own
 * @param atOnce requests served at the same time; fewer than database connections, so that events always get one
 * @param patience how long a request waits for its turn until it is answered 503
 */
@ConfigurationProperties("opsrelay.web")
record WebProperties(
        @DefaultValue("1MB") DataSize maxBody,
        @DefaultValue("10") int atOnce,
        @DefaultValue("2s") Duration patience) {

    WebProperties {
        if (atOnce < 1) {
            throw new IllegalArgumentException("opsrelay.web.at-once must be at least 1, not " + atOnce);
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("opsrelay.web.patience must not be negative");
        }
    }
}
