package io.opsrelay.ingestion.privacy;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long things of an export are waited for and kept.
 *
 * @param exportKept the file of an export
 * @param exportAnswersWithin how long other services have to answer what they hold; then the file is made without what is
 *     missing, and says so
 */
@ConfigurationProperties("opsrelay.customers")
record PrivacyProperties(
        @DefaultValue("7d") Duration exportKept,
        @DefaultValue("1h") Duration exportAnswersWithin) {

    PrivacyProperties {
        positive(exportKept, "export-kept");
        positive(exportAnswersWithin, "export-answers-within");
    }

    private static void positive(Duration value, String name) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("opsrelay.customers." + name + " must be positive");
        }
    }
}
