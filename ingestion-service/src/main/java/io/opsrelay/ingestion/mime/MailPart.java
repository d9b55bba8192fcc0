package io.opsrelay.ingestion.mime;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one part that is no body text; its bytes went to the {@link AttachmentSink}.
 *
 * @param contentId without angle brackets; absent where the part has none
 * @param size decoded, in bytes
 */
public record MailPart(
        String fileName, String mediaType, @Nullable String contentId, Role role, long size) {

    /** What a part is to its mail. */
    public enum Role {
        /** A file somebody attached. */
        ATTACHMENT,
        /** An image that stands inside the HTML. */
        INLINE,
        /** A mail inside the mail. */
        MESSAGE,
        /** An invitation or the answer to one. */
        CALENDAR,
        /** Outlook's winmail.dat, kept as it is. */
        TNEF,
        /** A detached S/MIME or PGP signature. */
        SIGNATURE,
        /** What only the holder of a key can read. */
        ENCRYPTED,
        /** The machine-readable half of a bounce or a read receipt. */
        REPORT
    }

    public MailPart {
        Objects.requireNonNull(fileName);
        Objects.requireNonNull(mediaType);
        Objects.requireNonNull(role);
    }
}
