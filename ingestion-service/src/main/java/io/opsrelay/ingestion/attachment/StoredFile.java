package io.opsrelay.ingestion.attachment;

import java.util.UUID;

/**
 * A file whose bytes are kept, and which may not belong to a ticket yet.
 *
 * @param fileName safe to show and to save under; nothing is ever stored under it
 * @param mediaType as its first bytes say
 * @param size bytes
 * @param sha256 of its bytes, 64 hexadecimal digits
 */
public record StoredFile(UUID fileId, String fileName, String mediaType, long size, String sha256) {}
