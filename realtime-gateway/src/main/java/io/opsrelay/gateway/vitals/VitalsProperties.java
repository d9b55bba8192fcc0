package io.opsrelay.gateway.vitals;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What pages may report of themselves.
 *
 * @param reportsPerMinute of all pages of one client, at each gateway; 0 refuses all
 */
@ConfigurationProperties("opsrelay.page-vitals")
record VitalsProperties(@DefaultValue("600") int reportsPerMinute) {

    VitalsProperties {
        if (reportsPerMinute < 0) {
            throw new IllegalArgumentException("opsrelay.page-vitals.reports-per-minute must not be negative");
        }
    }
}
