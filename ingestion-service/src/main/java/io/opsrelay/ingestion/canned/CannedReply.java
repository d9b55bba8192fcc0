package io.opsrelay.ingestion.canned;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A text that people put into their replies.
 *
 * @param name what people find it by; unique among a client's, whatever the case
 * @param text with placeholders, which whoever uses it fills in
 * @param category of the tickets it answers; null for any
 * @param language it is written in; null if that does not matter
 * @param revision counts changes from 1
 */
record CannedReply(
        UUID replyId,
        String name,
        String text,
        @Nullable String category,
        @Nullable String language,
        long revision,
        String createdBy,
        Instant createdAt,
        Instant updatedAt) {

    CannedReply changed(CannedReplyBody body, Instant now) {
        return new CannedReply(
                replyId,
                body.toName(),
                body.toText(),
                body.toCategory(),
                body.toLanguage(),
                revision + 1,
                createdBy,
                createdAt,
                now);
    }

    boolean isSo(CannedReplyBody body) {
        return facts().equals(body.facts());
    }

    /** What the audit log keeps of it. */
    Map<String, Object> facts() {
        return facts(name, text, category, language);
    }

    static Map<String, Object> facts(String name, String text, @Nullable String category, @Nullable String language) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", name);
        facts.put("text", text);
        if (category != null) {
            facts.put("category", category);
        }
        if (language != null) {
            facts.put("language", language);
        }
        return facts;
    }
}
