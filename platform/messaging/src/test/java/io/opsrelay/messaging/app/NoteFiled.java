package io.opsrelay.messaging.app;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventType;
import io.opsrelay.contracts.Topics;

/** A note was filed; nobody in the test application listens to it. */
@EventType(value = NoteFiled.TYPE, topic = Topics.TICKET)
public record NoteFiled(String notebook) implements Event {

    public static final String TYPE = "io.opsrelay.test.note_filed.v1";

    @Override
    @JsonIgnore
    public String key() {
        return notebook;
    }
}
