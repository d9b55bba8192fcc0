package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.Article.Format;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.agent.triage.Classifier;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An article as it is sent. A null field is an absent one.
 *
 * @param id in a bulk request; where the path names the article it may be left out
 * @param language ISO 639-1; told from the text where it is absent
 * @param format how {@code content} is to be read, text unless said
 */
record ArticleBody(
        @Nullable String id,
        @Nullable String title,
        @Nullable String language,
        @Nullable List<@Nullable String> intents,
        @Nullable Format format,
        @Nullable String content,
        @Nullable String sourceUrl) {

    static final int MAX_TITLE = 300;
    static final int MAX_CONTENT = 1_000_000;
    static final int MAX_INTENTS = 20;
    static final int MAX_URL = 2_000;

    /** Below it the text's language is not told from its words: the classifier knows four languages only. */
    static final double LEAST_SURE = 0.8;

    private static final int LEAST_LETTERS = 20;
    private static final int BLOCKS_THAT_TELL = 20;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2}");
    private static final Pattern INTENT = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final Classifier CLASSIFIER = Classifier.shipped();

    /** What is wrong, by field; empty if {@link #toArticle} will do, unless nothing of the text is visible. */
    Map<String, String> refusals(@Nullable String pathId) {
        Map<String, String> refusals = new LinkedHashMap<>();
        String named = pathId == null ? id : pathId;
        put(refusals, "id", named == null ? "is required" : idRefusal(named, pathId));
        put(refusals, "title", textRefusal(title, MAX_TITLE, true));
        put(refusals, "content", textRefusal(content, MAX_CONTENT, false));
        put(
                refusals,
                "language",
                language == null || LANGUAGE.matcher(language).matches()
                        ? null
                        : "must be a code of ISO 639-1, two lower-case letters");
        put(refusals, "intents", intentsRefusal());
        put(refusals, "source_url", urlRefusal());
        if (refusals.isEmpty() && language == null && detected() == null) {
            refusals.put("language", "cannot be told from the text: name it");
        }
        return refusals;
    }

    /** @throws NullPointerException if it was not checked before */
    Article toArticle(@Nullable String pathId) {
        return new Article(
                Objects.requireNonNull(pathId == null ? id : pathId),
                Objects.requireNonNull(title).strip(),
                Objects.requireNonNull(language == null ? detected() : language),
                named(intents).distinct().toList(),
                read(),
                Objects.requireNonNull(content),
                sourceUrl);
    }

    private Format read() {
        return format == null ? Format.TEXT : format;
    }

    private @Nullable String detected() {
        String text = ArticleText.blocksOf(read(), Objects.requireNonNull(content), "").stream()
                .limit(BLOCKS_THAT_TELL)
                .map(ArticleText.Block::text)
                .collect(Collectors.joining("\n", title + "\n", ""));
        if (text.codePoints().filter(Character::isLetter).count() < LEAST_LETTERS) {
            return null;
        }
        Classification found = CLASSIFIER.classify(text);
        return found.languageConfidence() >= LEAST_SURE ? found.language().code() : null;
    }

    private @Nullable String idRefusal(String named, @Nullable String pathId) {
        if (pathId != null && id != null && !id.equals(pathId)) {
            return "must be the one of the path, or absent";
        }
        return ID.matcher(named).matches()
                ? null
                : "must be 1 to 100 letters, digits, dots, hyphens or underscores, beginning with a letter or digit";
    }

    private static @Nullable String textRefusal(@Nullable String text, int max, boolean oneLine) {
        if (text == null || text.isBlank()) {
            return text == null ? "is required" : "must not be blank";
        }
        if (text.length() > max) {
            return "must have at most " + max + " characters";
        }
        if (text.codePoints().anyMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))) {
            return "must not contain NUL characters or halves of surrogate pairs";
        }
        return oneLine && text.codePoints().anyMatch(Character::isISOControl)
                ? "must not contain line breaks or other control characters"
                : null;
    }

    private @Nullable String intentsRefusal() {
        if (intents == null) {
            return null;
        }
        if (intents.size() > MAX_INTENTS) {
            return "must be at most " + MAX_INTENTS;
        }
        return intents.size()
                        == named(intents)
                                .filter(intent -> INTENT.matcher(intent).matches())
                                .count()
                ? null
                : "must be names in snake_case, like refund_status, of at most 64 characters";
    }

    private @Nullable String urlRefusal() {
        if (sourceUrl == null) {
            return null;
        }
        try {
            URI uri = URI.create(sourceUrl);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web && uri.getHost() != null && sourceUrl.length() <= MAX_URL
                    ? null
                    : "must be an http or https address of at most " + MAX_URL + " characters";
        } catch (IllegalArgumentException e) {
            return "must be an http or https address";
        }
    }

    private static Stream<String> named(@Nullable List<@Nullable String> values) {
        return values == null ? Stream.of() : values.stream().flatMap(Stream::ofNullable);
    }

    private static void put(Map<String, String> refusals, String field, @Nullable String reason) {
        if (reason != null) {
            refusals.put(field, reason);
        }
    }
}
