package io.opsrelay.ingestion.mime;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A mail that a provider has taken apart already, and posts as fields.
 *
 * @param headers in their order, undecoded or decoded; those a provider gives as fields of their own belong here, too
 * @param text the plain text, if any
 * @param html unsafe, as it came, if any
 * @param parts facts of the attachments, which the caller stores himself
 */
public record MailFields(
        List<Header> headers,
        @Nullable String text,
        @Nullable String html,
        List<MailPart> parts) {

    /** One header. */
    public record Header(String name, String value) {
        public Header {
            Objects.requireNonNull(name);
            Objects.requireNonNull(value);
        }
    }

    public MailFields {
        headers = List.copyOf(headers);
        parts = List.copyOf(parts);
    }
}
