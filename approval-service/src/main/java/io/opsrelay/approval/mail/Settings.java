package io.opsrelay.approval.mail;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who gets which notices at a client.
 *
 * @param revision counts changes; 0 where nobody has set anything
 */
record Settings(
        List<Recipient> recipients,
        long revision,
        @Nullable String changedBy,
        @Nullable Instant changedAt) {

    Settings {
        recipients = List.copyOf(recipients);
    }

    static Settings none() {
        return new Settings(List.of(), 0, null, null);
    }
}
