package io.opsrelay.ingestion.export;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of exports.
 *
 * @param atOnce exports at the same time, since each holds a database connection as long as its reader takes; others
 *     are answered 503
 */
@ConfigurationProperties("opsrelay.export")
record ExportProperties(@DefaultValue("2") int atOnce) {

    ExportProperties {
        if (atOnce < 1) {
            throw new IllegalArgumentException("opsrelay.export.at-once must be at least 1, not " + atOnce);
        }
    }
}
