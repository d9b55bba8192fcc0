package io.opsrelay.approval.request;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long people have.
 *
 * @param lifetime from the request until it lapses undecided, where no policy rule says otherwise
 * @param claim how long somebody who claimed a request holds it
 * @param expiryPoll how often an instance looks for requests whose time has come
 */
@ConfigurationProperties("opsrelay.approval")
record ApprovalProperties(
        @DefaultValue("24h") Duration lifetime,
        @DefaultValue("15m") Duration claim,
        @DefaultValue("1s") Duration expiryPoll) {

    ApprovalProperties {
        if (!lifetime.isPositive()) {
            throw new IllegalArgumentException("opsrelay.approval.lifetime must be positive, not " + lifetime);
        }
        if (!claim.isPositive()) {
            throw new IllegalArgumentException("opsrelay.approval.claim must be positive, not " + claim);
        }
        if (!expiryPoll.isPositive()) {
            throw new IllegalArgumentException("opsrelay.approval.expiry-poll must be positive, not " + expiryPoll);
        }
    }
}
