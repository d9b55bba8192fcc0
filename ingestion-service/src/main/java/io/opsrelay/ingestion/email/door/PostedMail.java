package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.email.Spool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mail that a provider posted.
 *
 * @param raw the whole mail; whoever gets this closes it
 * @param token what may be used once only
 */
record PostedMail(
        Spool raw,
        List<String> recipients,
        boolean senderVerified,
        @Nullable String token) {

    PostedMail {
        recipients = List.copyOf(recipients);
    }
}
