package io.opsrelay.approval.grant;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How grants are signed.
 *
 * @param key file with the private JWK (EC P-256)
 * @param validity how long a grant may be acted upon
 */
@ConfigurationProperties("opsrelay.grant")
record GrantProperties(
        @Nullable Path key, @DefaultValue("15m") Duration validity) {

    GrantProperties {
        if (key == null || key.toString().isBlank()) {
            throw new IllegalArgumentException("opsrelay.grant.key (OPSRELAY_APPROVAL_KEY) is not set");
        }
        if (!validity.isPositive()) {
            throw new IllegalArgumentException("opsrelay.grant.validity must be positive, not " + validity);
        }
    }

    Path keyFile() {
        if (key == null) {
            throw new IllegalStateException("guarded by the constructor");
        }
        return key;
    }
}
