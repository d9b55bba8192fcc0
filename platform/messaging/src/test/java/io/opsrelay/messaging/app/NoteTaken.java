package io.opsrelay.messaging.app;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventType;
import io.opsrelay.contracts.Topics;

/** Somebody took a note. */
@EventType(value = NoteTaken.TYPE, topic = Topics.TICKET)
public record NoteTaken(String notebook, String text) implements Event {

    public static final String TYPE = "io.opsrelay.test.note_taken.v1";

    public NoteTaken {
        if (notebook == null || text == null) {
            throw new IllegalArgumentException((notebook == null ? "notebook" : "text") + " is missing");
        }
    }

    @Override
    @JsonIgnore
    public String key() {
        return notebook;
    }
}
