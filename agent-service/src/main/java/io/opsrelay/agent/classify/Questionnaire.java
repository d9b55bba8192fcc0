package io.opsrelay.agent.classify;

import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.opsrelay.agent.triage.Classification.Priority;
import io.opsrelay.agent.triage.Classification.Sentiment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a model is asked about a text: a closed JSON object in which everything is required, and how its answer is read. Servers
 * that promise to keep to a schema are not believed: every value is checked again.
 */
public final class Questionnaire {

    /** What a model answers where no category fits. */
    static final String OUT_OF_SCOPE = "out_of_scope";

    /** More choices than that are refused by servers that keep to schemas. */
    private static final int MOST_CATEGORIES = 250;

    private static final int LONGEST_ANSWER = 4_000;
    private static final int LONGEST_CAUSE = 200;
    private static final String UNKNOWN = "unknown";

    private static final Set<String> FIELDS =
            Set.of("category", "confidence", "sentiment", "priority", "language", "industry", "root_cause");

    private static final Set<String> LANGUAGES = Set.copyOf(Arrays.asList(Locale.getISOLanguages()));

    /** No tags, no links, nothing invisible: the words are shown to people. */
    private static final Pattern NO_PLAIN_TEXT =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}]|<[^\\s<]|://");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(4)
                            .maxStringLength(LONGEST_ANSWER)
                            .maxNumberLength(30)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Set<String> categories;

    /**
     * A questionnaire with these categories, of which one is asked for.
     *
     * @throws UnusableAnswerException if they are too many to be offered
     */
    public Questionnaire(List<String> categories) {
        this.categories = new TreeSet<>(categories);
        this.categories.remove(OUT_OF_SCOPE);
        if (this.categories.isEmpty() || this.categories.size() > MOST_CATEGORIES) {
            throw new UnusableAnswerException(
                    this.categories.size() + " categories cannot be offered to a model, " + MOST_CATEGORIES + " can");
        }
    }

    /** The schema of the answer. */
    public ResponseFormat format() {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name("classification")
                        .rootElement(JsonObjectSchema.builder()
                                .addProperty(
                                        "category",
                                        choice(
                                                "What the ticket asks for; " + OUT_OF_SCOPE + " if nothing else fits",
                                                Stream.concat(categories.stream(), Stream.of(OUT_OF_SCOPE))))
                                .addProperty(
                                        "confidence",
                                        JsonNumberSchema.builder()
                                                .description("How likely the category is right, 0 to 1")
                                                .build())
                                .addProperty("sentiment", choice("How the writer feels", codes(Sentiment.values())))
                                .addProperty(
                                        "priority", choice("How soon somebody should act", codes(Priority.values())))
                                .addProperty(
                                        "language",
                                        choice(
                                                "ISO 639-1 code of the ticket's language",
                                                LANGUAGES.stream().sorted()))
                                .addProperty(
                                        "industry",
                                        choice(
                                                "What kind of business the ticket is about",
                                                Stream.concat(Industries.all().stream(), Stream.of(UNKNOWN))))
                                .addProperty(
                                        "root_cause",
                                        JsonStringSchema.builder()
                                                .description(
                                                        "What is probably behind the matter, in plain English of at"
                                                                + " most " + LONGEST_CAUSE
                                                                + " characters; empty if the ticket does not tell")
                                                .build())
                                .required(FIELDS.stream().sorted().toList())
                                .additionalProperties(false)
                                .build())
                        .build())
                .build();
    }

    /** The same in words, for servers that take no schema: a field and its values on each line. */
    public String inWords() {
        return String.join(
                "\n",
                "category: " + String.join(", ", categories) + ", " + OUT_OF_SCOPE,
                "confidence: a number from 0 to 1",
                "sentiment: " + codes(Sentiment.values()).collect(Collectors.joining(", ")),
                "priority: " + codes(Priority.values()).collect(Collectors.joining(", ")),
                "language: the ISO 639-1 code of the ticket's language",
                "industry: " + String.join(", ", Industries.all()) + ", " + UNKNOWN,
                "root_cause: a text of at most " + LONGEST_CAUSE + " characters");
    }

    /**
     * Reads an answer.
     *
     * @throws UnusableAnswerException if anything in it is not as it was asked for
     */
    public Reading read(@Nullable String answer) {
        JsonNode fields = parsed(answer);
        Set<String> names = Set.copyOf(fields.propertyNames());
        if (!names.equals(FIELDS)) {
            throw new UnusableAnswerException("it has other fields than those that were asked for");
        }
        String category = text(fields, "category");
        if (!categories.contains(category) && !category.equals(OUT_OF_SCOPE)) {
            throw new UnusableAnswerException("its category is none of those that were offered");
        }
        String language = text(fields, "language");
        String industry = text(fields, "industry");
        if (!LANGUAGES.contains(language)) {
            throw new UnusableAnswerException("its language is no code of ISO 639-1");
        }
        if (!industry.equals(UNKNOWN) && !Industries.all().contains(industry)) {
            throw new UnusableAnswerException("its industry is none of those that were offered");
        }
        return new Reading(
                category.equals(OUT_OF_SCOPE) ? null : category,
                confidence(fields),
                one(Sentiment.values(), text(fields, "sentiment"), "sentiment"),
                one(Priority.values(), text(fields, "priority"), "priority"),
                language,
                industry.equals(UNKNOWN) ? null : industry,
                cause(text(fields, "root_cause")));
    }

    private static JsonNode parsed(@Nullable String answer) {
        if (answer == null || answer.length() > LONGEST_ANSWER) {
            throw new UnusableAnswerException("it is longer than " + LONGEST_ANSWER + " characters, or nothing");
        }
        try {
            JsonNode fields = JSON.readTree(answer);
            if (!fields.isObject()) {
                throw new UnusableAnswerException("it is no JSON object");
            }
            return fields;
        } catch (JacksonException e) {
            throw new UnusableAnswerException("it is no JSON object");
        }
    }

    private static double confidence(JsonNode fields) {
        JsonNode value = fields.path("confidence");
        double confidence = value.isNumber() ? value.asDouble() : Double.NaN;
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new UnusableAnswerException("its confidence does not lie between 0 and 1");
        }
        return confidence;
    }

    private static @Nullable String cause(String text) {
        String cause = text.strip();
        if (cause.length() > LONGEST_CAUSE || NO_PLAIN_TEXT.matcher(cause).find()) {
            throw new UnusableAnswerException(
                    "its root_cause is no plain text of at most " + LONGEST_CAUSE + " characters");
        }
        return cause.isEmpty() ? null : cause;
    }

    private static String text(JsonNode fields, String name) {
        JsonNode value = fields.path(name);
        if (!value.isString()) {
            throw new UnusableAnswerException("its " + name + " is no text");
        }
        return value.stringValue();
    }

    private static <E extends Enum<E>> E one(E[] values, String code, String field) {
        return Arrays.stream(values)
                .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(code))
                .findFirst()
                .orElseThrow(() -> new UnusableAnswerException("its " + field + " is none of those that were offered"));
    }

    private static Stream<String> codes(Enum<?>[] values) {
        return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT));
    }

    private static JsonEnumSchema choice(String description, Stream<String> values) {
        return JsonEnumSchema.builder()
                .description(description)
                .enumValues(values.toList())
                .build();
    }
}
