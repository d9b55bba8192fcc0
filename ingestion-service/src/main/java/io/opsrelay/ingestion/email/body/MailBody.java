package io.opsrelay.ingestion.email.body;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a mail looked.
 *
 * @param html harmless, with {@code cid:} images as in the mail; null where the mail had none
 * @param inline files of its images by Content-ID
 * @param original the file that holds it whole; null where it was too large to be kept
 */
public record MailBody(
        @Nullable String html,
        Map<String, UUID> inline,
        @Nullable UUID original) {

    public MailBody {
        inline = Map.copyOf(inline);
    }
}
