package io.opsrelay.ingestion.deadletter;

import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.RawRecord;
import io.opsrelay.messaging.RawRecord.RawHeader;
import io.opsrelay.messaging.RawSubscription.Rejection;
import io.opsrelay.messaging.TopicNames;
import io.opsrelay.security.tenant.ClientId;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes down what lies on the dead-letter topics, whatever it is: from here nothing can be set aside again. */
@Component
class Recorder {

    /** Who set a letter aside that does not say it. */
    static final String UNKNOWN = "unknown";

    private static final int LONGEST_REASON = 2100;
    private static final int LONGEST_NAME = 300;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Set<String> OF_DEAD_LETTERS = Set.of(
            Headers.DEAD_REASON, Headers.DEAD_CONSUMER, Headers.DEAD_ORIGIN, Headers.DEAD_TIME, Headers.DEAD_CLIENT);

    private final LetterStore store;
    private final Owners owners;
    private final ErasedLetters erasedLetters;
    private final TopicNames topics;
    private final Ids ids;
    private final Clock clock;

    Recorder(LetterStore store, Owners owners, ErasedLetters erasedLetters, TopicNames topics, Ids ids, Clock clock) {
        this.store = store;
        this.owners = owners;
        this.erasedLetters = erasedLetters;
        this.topics = topics;
        this.ids = ids;
        this.clock = clock;
    }

    /** Adds those that are not there yet. */
    List<Rejection> take(List<RawRecord> records) {
        Map<String, List<Letter>> byOwner = records.stream()
                .map(this::letter)
                .collect(Collectors.groupingBy(Letter::owner, LinkedHashMap::new, Collectors.toList()));
        byOwner.forEach((owner, letters) -> owners.run(owner, () -> {
            store.add(letters);
            erasedLetters.eraseLate(owner, letters);
        }));
        return List.of();
    }

    private Letter letter(RawRecord rawRecord) {
        String topic = rawRecord.topic();
        if (topic.endsWith(Topics.DEAD_LETTER_SUFFIX)) {
            topic = topic.substring(0, topic.length() - Topics.DEAD_LETTER_SUFFIX.length());
        }
        List<RawHeader> headers = rawRecord.headers().stream()
                .filter(header -> !OF_DEAD_LETTERS.contains(header.name()))
                .map(header -> new RawHeader(storable(header.name()), header.value()))
                .toList();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return new Letter(
                ownerOf(rawRecord, topic),
                ids.next(),
                LetterState.OPEN,
                topic,
                text(rawRecord, Headers.DEAD_ORIGIN, LONGEST_NAME, rawRecord.origin()),
                text(rawRecord, Headers.DEAD_CONSUMER, LONGEST_NAME, UNKNOWN),
                text(rawRecord, Headers.DEAD_REASON, LONGEST_REASON, "no reason was given"),
                optional(rawRecord, Headers.TYPE),
                optional(rawRecord, Headers.ID),
                rawRecord.key(),
                rawRecord.value(),
                headers,
                parsed(rawRecord.header(Headers.REPLAY_OF), UUID::fromString),
                timeOf(rawRecord, now),
                now,
                null,
                null,
                null,
                null);
    }

    /** Of what other systems write only the consumer knows whose it is, if anybody does. */
    private String ownerOf(RawRecord rawRecord, String topic) {
        String client = rawRecord.header(Headers.DEAD_CLIENT);
        if (client == null && !topic.equals(topics.full(Topics.UPSTREAM))) {
            client = rawRecord.header(Headers.CLIENT);
        }
        return client != null && ClientId.isValid(client) ? client : Owners.NOBODY;
    }

    /** As it states, if that can be: the writer's clock may show anything. */
    private static Instant timeOf(RawRecord rawRecord, Instant now) {
        Instant stated = parsed(rawRecord.header(Headers.DEAD_TIME), Instant::parse);
        Instant time = stated == null ? rawRecord.time() : stated;
        return time.isBefore(EARLIEST) || time.isAfter(now) ? now : time.truncatedTo(ChronoUnit.MICROS);
    }

    private static <T> @Nullable T parsed(@Nullable String value, Function<String, T> parser) {
        try {
            return value == null ? null : parser.apply(value);
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static @Nullable String optional(RawRecord rawRecord, String header) {
        String value = rawRecord.header(header);
        return value == null ? null : clip(value, LONGEST_NAME);
    }

    private static String text(RawRecord rawRecord, String header, int longest, String otherwise) {
        String value = rawRecord.header(header);
        return clip(value == null ? otherwise : value, longest);
    }

    private static String clip(String value, int longest) {
        return storable(value.length() <= longest ? value : value.substring(0, longest));
    }

    /** PostgreSQL takes every text but NUL and halves of surrogate pairs. */
    private static String storable(String value) {
        String text = value.replace('\0', '\uFFFD');
        int last = text.length() - 1;
        return last >= 0 && Character.isHighSurrogate(text.charAt(last)) ? text.substring(0, last) : text;
    }
}
