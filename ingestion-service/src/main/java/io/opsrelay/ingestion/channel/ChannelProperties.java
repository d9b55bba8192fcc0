package io.opsrelay.ingestion.channel;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The channels of clients.
 *
 * @param keys file with the keys that seal channels' secrets, in each line one as {@code id base64}, of 32 bytes: the
 *     first one encrypts, all decrypt
 * @param previousSecret how long a secret is good beside the one that took its place
 * @param most channels of a client
 */
@ConfigurationProperties("opsrelay.channels")
record ChannelProperties(
        @Nullable Path keys,
        @DefaultValue("24h") Duration previousSecret,
        @DefaultValue("100") int most) {

    private static final String PREFIX = "opsrelay.channels.";

    ChannelProperties {
        if (keys == null || keys.toString().isBlank()) {
            throw new IllegalArgumentException(PREFIX + "keys (OPSRELAY_CHANNEL_KEYS) is not set");
        }
        if (previousSecret.isNegative()) {
            throw new IllegalArgumentException(PREFIX + "previous-secret must not be negative");
        }
        if (most < 1) {
            throw new IllegalArgumentException(PREFIX + "most must be at least 1, not " + most);
        }
    }

    Path keyFile() {
        if (keys == null) {
            throw new IllegalStateException("guarded by the constructor");
        }
        return keys;
    }
}
