package io.opsrelay.action.grant;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/** @param jwks file with the public keys of approval-service */
@ConfigurationProperties("opsrelay.grant")
record GrantProperties(@Nullable Path jwks) {

    GrantProperties {
        if (jwks == null || jwks.toString().isBlank()) {
            throw new IllegalArgumentException("opsrelay.grant.jwks (OPSRELAY_APPROVAL_JWKS) is not set");
        }
    }

    Path file() {
        if (jwks == null) {
            throw new IllegalStateException("guarded by the constructor");
        }
        return jwks;
    }
}
