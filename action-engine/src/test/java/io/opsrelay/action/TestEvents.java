package io.opsrelay.action;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.EventType;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.testing.TestKafka;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;

/** Speaks for the other services, and hears what this one says. */
public final class TestEvents {

    private final TestKafka kafka;

    public TestEvents(TestKafka kafka) {
        this.kafka = kafka;
    }

    /** Sends an event as another service would. */
    public void send(String clientId, Event event) {
        send(clientId, event, UUID.randomUUID());
    }

    /** Sends an event with an id of one's own, to send it again. */
    public void send(String clientId, Event event, UUID eventId) {
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
                        "test",
                        Headers.TYPE,
                        type.value(),
                        Headers.TIME,
                        Instant.now().toString(),
                        Headers.CLIENT,
                        clientId,
                        Headers.CONTENT_TYPE,
                        "application/json"));
    }

    /** The first event of that class that matches, awaited. */
    public <E extends Event> E await(Class<E> type, Predicate<E> wanted) {
        return read(type, awaitRecord(type, wanted));
    }

    /** The record of the first event of that class that matches, awaited. */
    public <E extends Event> ConsumerRecord<String, byte[]> awaitRecord(Class<E> type, Predicate<E> wanted) {
        EventType named = EventCatalog.typeOf(type);
        return kafka.await(named.topic(), message -> isOf(message, named.value()) && wanted.test(read(type, message)));
    }

    /** All events of that class that match, now. */
    public <E extends Event> List<E> all(Class<E> type, Predicate<E> wanted) {
        String name = EventCatalog.typeOf(type).value();
        return kafka.all(Topics.TICKET).stream()
                .filter(message -> isOf(message, name))
                .map(message -> read(type, message))
                .filter(wanted)
                .toList();
    }

    /** The types of the feed frames about an entity, in order. */
    public List<String> frames(UUID entity) {
        return framesAbout(entity)
                .map(message -> String.valueOf(TestKafka.header(message, Headers.FRAME)))
                .toList();
    }

    /** What the feed frames about an entity carry, in order. */
    public List<JsonNode> frameData(UUID entity) {
        return framesAbout(entity)
                .map(message -> ContractJson.mapper().readTree(message.value()))
                .toList();
    }

    private Stream<ConsumerRecord<String, byte[]>> framesAbout(UUID entity) {
        return kafka.all(Topics.FEED).stream()
                .filter(message -> new String(message.value(), java.nio.charset.StandardCharsets.UTF_8)
                        .contains(entity.toString()))
                .filter(message -> FeedRecord.CLOUD_EVENT_TYPE.equals(TestKafka.header(message, Headers.TYPE)));
    }

    private static boolean isOf(ConsumerRecord<String, byte[]> message, String name) {
        return name.equals(TestKafka.header(message, Headers.TYPE));
    }

    private static <E extends Event> E read(Class<E> type, ConsumerRecord<String, byte[]> message) {
        return ContractJson.mapper().readValue(message.value(), type);
    }
}
