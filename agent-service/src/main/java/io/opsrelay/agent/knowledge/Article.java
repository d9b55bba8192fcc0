package io.opsrelay.agent.knowledge;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A knowledge article.
 *
 * @param id unique within the client
 * @param language ISO 639-1
 * @param intents what it is about, as the classifier names it
 * @param passages its paragraphs; each can be cited by itself
 */
record Article(String id, String title, String language, List<String> intents, List<String> passages) {

    Article {
        intents = List.copyOf(intents);
        passages = List.copyOf(passages);
        if (id.isBlank() || title.isBlank() || language.isBlank() || passages.isEmpty()) {
            throw new IllegalArgumentException("an article needs an id, a title, a language and text");
        }
    }

    /**
     * Reads the form of the shipped files: {@code name: value} lines (title, language, intents), an empty line, then
     * paragraphs divided by empty lines.
     */
    static Article parse(String id, String text) {
        String[] parts = text.strip().split("\\R\\s*\\R");
        Map<String, String> head = new HashMap<>();
        parts[0].lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException(id + ": expected 'name: value', found '" + line + "'");
            }
            head.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        });
        List<String> passages = Arrays.stream(parts)
                .skip(1)
                .map(paragraph ->
                        String.join(" ", paragraph.lines().map(String::strip).toList()))
                .toList();
        return new Article(
                id,
                head.getOrDefault("title", ""),
                head.getOrDefault("language", ""),
                Arrays.stream(head.getOrDefault("intents", "").split(","))
                        .map(String::strip)
                        .toList(),
                passages);
    }
}
