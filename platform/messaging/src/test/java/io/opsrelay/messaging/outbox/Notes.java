package io.opsrelay.messaging.outbox;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.messaging.app.NoteTaken;
import io.opsrelay.testing.TestKafka;
import java.util.List;

/** Reads the notes of a topic. */
final class Notes {

    private Notes() {}

    /** Texts of the notes with this key, in Kafka's order. */
    static List<String> texts(TestKafka kafka, String key) {
        return kafka.all("ticket.v1").stream()
                .filter(message -> key.equals(message.key()))
                .map(message -> text(message.value()))
                .toList();
    }

    /** The text of a note's JSON. */
    static String text(byte[] json) {
        return ContractJson.mapper().readValue(json, NoteTaken.class).text();
    }
}
