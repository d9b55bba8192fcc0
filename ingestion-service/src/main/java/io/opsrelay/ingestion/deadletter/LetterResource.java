package io.opsrelay.ingestion.deadletter;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.docs.DescribedAs;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Letters as the API shows them. */
final class LetterResource {

    /** Bytes of a value that are shown. */
    private static final int MOST_SHOWN = 512 * 1024;

    private static final int MOST_OF_A_HEADER = 4 * 1024;

    private LetterResource() {}

    /**
     * A letter in a list.
     *
     * @param topic full name of the topic it was read from
     * @param origin topic-partition@offset at which it was read
     * @param consumer the consumer group that could not use it
     * @param reason why, in that group's words
     * @param replayOf the letter that it was before it was replayed, and failed again
     * @param note why it was discarded, or why a replay came to nothing
     */
    record Summary(
            UUID letterId,
            LetterState state,
            String topic,
            String origin,
            String consumer,
            String reason,
            @Nullable String eventType,
            @Nullable String eventId,
            @Nullable String key,
            @Nullable UUID replayOf,
            Instant setAsideAt,
            Instant createdAt,
            @Nullable String settledBy,
            @Nullable Instant settledAt,
            @Nullable String note) {

        static Summary of(Letter letter) {
            byte[] key = letter.key();
            return new Summary(
                    letter.letterId(),
                    letter.state(),
                    letter.topic(),
                    letter.origin(),
                    letter.consumer(),
                    letter.reason(),
                    letter.eventType(),
                    letter.eventId(),
                    key == null ? null : shortText(key),
                    letter.replayOf(),
                    letter.setAsideAt(),
                    letter.createdAt(),
                    letter.settledBy(),
                    letter.settledAt(),
                    letter.note());
        }
    }

    /**
     * A letter with what it holds.
     *
     * @param edited what is published in place of the value, if somebody has changed it
     */
    record Detail(
            Summary letter,
            List<HeaderResource> headers,
            @Nullable Content value,
            @Nullable Content edited) {

        static Detail of(Letter letter) {
            return new Detail(
                    Summary.of(letter),
                    letter.headers().stream()
                            .map(header -> new HeaderResource(
                                    header.name(), header.value() == null ? null : shortText(header.value())))
                            .toList(),
                    Content.of(letter.value()),
                    Content.of(letter.edited()));
        }
    }

    /** A Kafka header; what is no text is shown in base64. */
    record HeaderResource(String name, @Nullable String value) {}

    /**
     * A value.
     *
     * @param encoding json, text or base64: how {@code data} is to be read
     * @param size in bytes
     * @param truncated whether only the beginning is shown
     */
    record Content(
            @DescribedAs(oneOf = {"json", "text", "base64"}) String encoding,
            JsonNode data,
            int size,
            boolean truncated) {

        static @Nullable Content of(byte @Nullable [] value) {
            if (value == null) {
                return null;
            }
            if (value.length > MOST_SHOWN) {
                byte[] beginning = Arrays.copyOf(value, MOST_SHOWN);
                return new Content("base64", StringNode.valueOf(base64(beginning)), value.length, true);
            }
            try {
                JsonNode json = ContractJson.mapper().readTree(value);
                if (!json.isMissingNode()) {
                    return new Content("json", json, value.length, false);
                }
            } catch (JacksonException e) {
                // then it is something else
            }
            String text = text(value);
            return text == null
                    ? new Content("base64", StringNode.valueOf(base64(value)), value.length, false)
                    : new Content("text", StringNode.valueOf(text), value.length, false);
        }
    }

    private static String shortText(byte[] value) {
        String text = text(value);
        String shown = text == null ? "base64:" + base64(value) : text;
        return shown.length() <= MOST_OF_A_HEADER ? shown : shown.substring(0, MOST_OF_A_HEADER) + "...";
    }

    private static @Nullable String text(byte[] value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String base64(byte[] value) {
        return Base64.getEncoder().encodeToString(value);
    }
}
