package io.opsrelay.ingestion.attachment;

import java.time.Instant;
import java.util.UUID;

/**
 * A file on a ticket, as the API shows it.
 *
 * @param messageId the message it came with
 * @param mediaType as its first bytes say
 * @param size bytes
 * @param sha256 of its bytes, 64 hexadecimal digits
 */
public record TicketFile(
        UUID fileId, UUID messageId, String fileName, String mediaType, long size, String sha256, Instant storedAt) {}
