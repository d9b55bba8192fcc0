package io.opsrelay.security.web;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A keyset position in a list that is sorted by creation time and id: the page begins behind it. */
public record Cursor(Instant createdAt, UUID id) {

    /** The form that callers hand back; opaque to them. */
    public String encoded() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((createdAt + "|" + id).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads {@link #encoded()}.
     *
     * @return null for null
     * @throws ProblemException 400 if it is not a cursor of ours
     */
    public static @Nullable Cursor decode(@Nullable String encoded) {
        if (encoded == null) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
            int bar = text.indexOf('|');
            return new Cursor(
                    Instant.parse(text.substring(0, Math.max(bar, 0))), UUID.fromString(text.substring(bar + 1)));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw ProblemException.badRequest("cursor", "is not a cursor: take next_cursor of the page before");
        }
    }
}
