package io.opsrelay.ingestion.ticket;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A ticket as it leaves in an export, with its text. */
public record ExportedTicket(
        UUID ticketId,
        String status,
        String channel,
        @Nullable String priority,
        @Nullable String category,
        @Nullable Double confidence,
        @Nullable String language,
        @Nullable String sentiment,
        UUID customerId,
        String customerEmail,
        boolean senderVerified,
        @Nullable String externalId,
        String subject,
        String body,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant resolvedAt) {}
