package io.opsrelay.ingestion.mailout;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that leaves by e-mail.
 *
 * @param rfc822Id its Message-ID with angle brackets, once there was an attempt
 * @param unconfirmed whether an answer was lost
 * @param delayed whether its delay has been told
 */
record MailOut(
        UUID messageId,
        UUID ticketId,
        @Nullable String rfc822Id,
        @Nullable String recipient,
        int attempts,
        boolean unconfirmed,
        boolean delayed) {}
