package io.opsrelay.ingestion.privacy;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long what was asked for is kept.
 *
 * @param exportKept the file of an export
 */
@ConfigurationProperties("opsrelay.customers")
record PrivacyProperties(@DefaultValue("7d") Duration exportKept) {

    PrivacyProperties {
        if (!exportKept.isPositive()) {
            throw new IllegalArgumentException("opsrelay.customers.export-kept must be positive");
        }
    }
}
