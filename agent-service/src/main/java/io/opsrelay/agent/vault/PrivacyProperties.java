package io.opsrelay.agent.vault;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How values that were taken out of a text are kept.
 *
 * @param keys file with a key in each line, as {@code id base64}, of 32 bytes each: the first one encrypts, all decrypt
 */
@ConfigurationProperties("opsrelay.privacy")
record PrivacyProperties(@Nullable Path keys) {

    PrivacyProperties {
        if (keys == null || keys.toString().isBlank()) {
            throw new IllegalArgumentException("opsrelay.privacy.keys (OPSRELAY_PRIVACY_KEYS) is not set");
        }
    }

    Path keyFile() {
        if (keys == null) {
            throw new IllegalStateException("guarded by the constructor");
        }
        return keys;
    }
}
