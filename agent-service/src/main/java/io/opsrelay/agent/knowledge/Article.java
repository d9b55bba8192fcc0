package io.opsrelay.agent.knowledge;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A knowledge article.
 *
 * @param id unique within the client
 * @param language ISO 639-1
 * @param intents what it is about, as the classifier names it
 * @param content as it was written, in {@code format}
 * @param sourceUrl where people read it
 */
record Article(
        String id,
        String title,
        String language,
        List<String> intents,
        Format format,
        String content,
        @Nullable String sourceUrl) {

    private static final Pattern HEAD_ENDS = Pattern.compile("\\R\\s*\\R");

    Article {
        intents = List.copyOf(intents);
        if (id.isBlank() || title.isBlank() || language.isBlank() || content.isBlank()) {
            throw new IllegalArgumentException("an article needs an id, a title, a language and text");
        }
    }

    /** What its text is cut into; each can be cited by itself. Empty if nothing of it is visible. */
    List<Section> sections() {
        return Sections.of(ArticleText.blocksOf(format, content, title), Locale.of(language));
    }

    /**
     * Reads the form of the shipped files: {@code name: value} lines (title, language, intents), an empty line, then
     * Markdown.
     */
    static Article parse(String id, String text) {
        String[] parts = HEAD_ENDS.split(text.strip(), 2);
        Map<String, String> head = new HashMap<>();
        parts[0].lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException(id + ": expected 'name: value', found '" + line + "'");
            }
            head.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        });
        return new Article(
                id,
                head.getOrDefault("title", ""),
                head.getOrDefault("language", ""),
                List.of(head.getOrDefault("intents", "").split("\\s*,\\s*")),
                Format.MARKDOWN,
                parts.length < 2 ? "" : parts[1],
                null);
    }

    /** With its sections, which take a while to cut. */
    Cut cut() {
        return new Cut(this, sections());
    }

    /** How {@code content} is to be read. */
    enum Format {
        MARKDOWN,
        HTML,
        TEXT
    }

    /**
     * An article as it is stored.
     *
     * @param revision counts its changes from 1
     * @param listKey divides articles of the same moment in a list
     * @param passages how many it was cut into
     */
    record Stored(Article article, long revision, int passages, Instant createdAt, Instant updatedAt, UUID listKey) {}

    /** An article and what it was cut into. */
    record Cut(Article article, List<Section> sections) {
        Cut {
            sections = List.copyOf(sections);
        }
    }

    /**
     * A passage of its text.
     *
     * @param heading the headings above it, outermost first; empty if there are none
     */
    record Section(String heading, String text) {}
}
