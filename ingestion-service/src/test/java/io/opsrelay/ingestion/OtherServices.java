package io.opsrelay.ingestion;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.EventType;
import io.opsrelay.contracts.Headers;
import io.opsrelay.testing.TestKafka;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.test.context.TestComponent;

/** Plays the services whose events this one applies. */
@TestComponent
public class OtherServices {

    private final TestKafka kafka;

    OtherServices(TestKafka kafka) {
        this.kafka = kafka;
    }

    /** Publishes under a new id. */
    public void tell(String clientId, Event event) {
        tell(clientId, event, UUID.randomUUID(), Instant.now());
    }

    /** Publishes under that id, as at a second delivery. */
    public void tell(String clientId, Event event, UUID eventId, Instant time) {
        EventType type = EventCatalog.typeOf(event.getClass());
        kafka.send(
                type.topic(),
                event.key(),
                ContractJson.mapper().writeValueAsBytes(event),
                Map.of(
                        Headers.SPEC_VERSION,
                        "1.0",
                        Headers.ID,
                        eventId.toString(),
                        Headers.SOURCE,
                        "agent-service",
                        Headers.TYPE,
                        type.value(),
                        Headers.TIME,
                        time.toString(),
                        Headers.CLIENT,
                        clientId,
                        Headers.CONTENT_TYPE,
                        "application/json"));
    }
}
