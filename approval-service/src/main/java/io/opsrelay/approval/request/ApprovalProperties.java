package io.opsrelay.approval.request;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long people have.
 *
 * @param lifetime from the request until it lapses undecided
 * @param expiryPoll how often an instance looks for lapsed requests
 */
@ConfigurationProperties("opsrelay.approval")
record ApprovalProperties(
        @DefaultValue("24h") Duration lifetime,
        @DefaultValue("1s") Duration expiryPoll) {

    ApprovalProperties {
        if (!lifetime.isPositive()) {
            throw new IllegalArgumentException("opsrelay.approval.lifetime must be positive, not " + lifetime);
        }
        if (!expiryPoll.isPositive()) {
            throw new IllegalArgumentException("opsrelay.approval.expiry-poll must be positive, not " + expiryPoll);
        }
    }
}
