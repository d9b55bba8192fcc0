package io.opsrelay.security.audit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The audit log of a service.
 *
 * @param enabled whether this service keeps one; its migrations must then have made the tables
 * @param sealInterval how often this instance looks for entries to seal
 * @param sealBatch most entries of one transaction of the sealer
 * @param headInterval how often the ends of chains that have grown are written to the service's log, as a witness
 *     outside of the database
 */
@ConfigurationProperties("opsrelay.audit")
record AuditProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("300ms") Duration sealInterval,
        @DefaultValue("500") int sealBatch,
        @DefaultValue("1m") Duration headInterval) {

    AuditProperties {
        if (sealInterval.toMillis() < 10 || sealInterval.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException(
                    "opsrelay.audit.seal-interval must lie between 10ms and 1m, not " + sealInterval);
        }
        if (sealBatch < 1 || sealBatch > 10_000) {
            throw new IllegalArgumentException(
                    "opsrelay.audit.seal-batch must lie between 1 and 10000, not " + sealBatch);
        }
        if (headInterval.isNegative() || headInterval.isZero()) {
            throw new IllegalArgumentException("opsrelay.audit.head-interval must be positive, not " + headInterval);
        }
    }
}
