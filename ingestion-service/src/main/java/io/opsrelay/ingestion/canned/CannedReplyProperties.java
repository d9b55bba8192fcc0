package io.opsrelay.ingestion.canned;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Canned replies.
 *
 * @param most of a client; a page reads all of them at once
 */
@ConfigurationProperties("opsrelay.canned-replies")
record CannedReplyProperties(@DefaultValue("200") int most) {

    CannedReplyProperties {
        if (most < 1) {
            throw new IllegalArgumentException("opsrelay.canned-replies.most must be at least 1, not " + most);
        }
    }
}
