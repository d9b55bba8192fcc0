package io.opsrelay.ingestion.email.mailbox;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a channel's mailbox has been read, and how that goes.
 *
 * @param since mails from before are left alone
 * @param uidValidity of the folder as it was read last (RFC 3501); absent before the first time
 * @param nextUid the first one that was not read
 * @param failures polls that failed since the last one that did not
 */
record Mailbox(
        String channelId,
        UUID pollId,
        Instant since,
        @Nullable Long uidValidity,
        @Nullable Long nextUid,
        @Nullable Instant polledAt,
        @Nullable Instant failingSince,
        int failures,
        @Nullable String lastError) {}
