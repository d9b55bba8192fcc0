package io.opsrelay.ingestion.mime;

import java.util.Objects;

/**
 * How much of a mail is read. Beyond {@code maxBytes} it is refused; beyond the others the rest is left out and named
 * among the defects.
 *
 * @param maxBytes of the whole mail as it came
 * @param maxDepth of multiparts inside multiparts
 * @param maxParts in the whole mail
 * @param maxHeaders of one part
 * @param maxHeaderBytes of one header
 * @param maxTextChars of the text, and of the HTML, each
 * @param ownHeader the header that OpsRelay's own mails carry
 */
public record MailLimits(
        long maxBytes,
        int maxDepth,
        int maxParts,
        int maxHeaders,
        int maxHeaderBytes,
        int maxTextChars,
        String ownHeader) {

    public static final MailLimits DEFAULT =
            new MailLimits(40L * 1024 * 1024, 20, 500, 1_000, 128 * 1024, 500_000, "X-OpsRelay-Message");

    public MailLimits {
        if (maxBytes < 1
                || maxDepth < 1
                || maxParts < 1
                || maxHeaders < 1
                || maxHeaderBytes < 998
                || maxTextChars < 1) {
            throw new IllegalArgumentException("limits of mails must be positive, and a header may have 998 bytes");
        }
        Objects.requireNonNull(ownHeader);
    }
}
