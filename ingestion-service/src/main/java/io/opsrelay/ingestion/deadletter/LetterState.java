package io.opsrelay.ingestion.deadletter;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a letter stands: open, then replaying and replayed, or discarded. */
enum LetterState {
    /** Nobody has decided about it. */
    OPEN,
    /** It shall be published again; Kafka has not acknowledged it yet. */
    REPLAYING,
    /** It is on its topic again. If it fails once more, that is a letter of its own. */
    REPLAYED,
    /** It is given up. */
    DISCARDED;

    static Optional<LetterState> named(String name) {
        return Arrays.stream(values())
                .filter(state -> state.wireName().equals(name))
                .findFirst();
    }

    @JsonValue
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
