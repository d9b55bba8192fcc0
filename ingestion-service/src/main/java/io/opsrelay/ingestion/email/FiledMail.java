package io.opsrelay.ingestion.email;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail that nobody works on.
 *
 * @param rfc822Id its Message-ID, or a digest where it has none
 * @param reason why, as a word
 * @param detail why, in words
 * @param sender absent where the mail names none
 * @param preview how it begins
 * @param ticketId the ticket that it is about, where that is known
 * @param acceptedBy the person who made a ticket of it
 * @param acceptedAs that ticket
 * @param size of the whole mail, in bytes
 */
record FiledMail(
        UUID filedId,
        String rfc822Id,
        String channelId,
        String reason,
        @Nullable String detail,
        @Nullable String sender,
        boolean verified,
        String subject,
        String preview,
        @Nullable UUID ticketId,
        @Nullable String acceptedBy,
        @Nullable UUID acceptedAs,
        long size,
        Instant createdAt) {

    static final int PREVIEW = 2_000;
}
