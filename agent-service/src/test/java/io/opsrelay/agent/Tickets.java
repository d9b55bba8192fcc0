package io.opsrelay.agent;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.contracts.Topics;
import io.opsrelay.testing.TestKafka;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Tickets and other services' events into the service, and what it says about them. */
public record Tickets(TestKafka kafka) {

    public static TicketReceived ticket(String subject, String body) {
        return new TicketReceived(
                UUID.randomUUID(),
                "api",
                subject,
                body,
                new Customer(UUID.randomUUID(), "mary.major@example.org", true),
                null,
                null,
                Map.of());
    }

    public void send(String client, Event event) {
        send(client, event, UUID.randomUUID());
    }

    public void send(String client, Event event, UUID eventId) {
        kafka.send(
                Topics.TICKET,
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
                        EventCatalog.typeOf(event.getClass()).value(),
                        Headers.TIME,
                        Instant.now().toString(),
                        Headers.CLIENT,
                        client));
    }

    public void awaitLast(TicketReceived ticket, Class<? extends Event> type) {
        kafka.await(
                Topics.TICKET,
                message -> ticket.ticketId().toString().equals(message.key())
                        && EventCatalog.typeOf(type).value().equals(TestKafka.header(message, Headers.TYPE)));
    }

    public <E extends Event> E only(TicketReceived ticket, Class<E> type) {
        return said(ticket).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((first, second) -> {
                    throw new AssertionError("said twice: " + first + " and " + second);
                })
                .orElseThrow(() -> new AssertionError("never said: " + type.getSimpleName()));
    }

    /** What agent-service has published about the ticket, in order. */
    public List<Event> said(TicketReceived ticket) {
        return saidOf().getOrDefault(ticket.ticketId(), List.of());
    }

    /** What agent-service has published about each ticket, in order. */
    public Map<UUID, List<Event>> saidOf() {
        Map<String, Class<? extends Event>> types = new HashMap<>();
        EventCatalog.all().forEach(type -> types.put(EventCatalog.typeOf(type).value(), type));
        Map<UUID, List<Event>> said = new HashMap<>();
        kafka.all(Topics.TICKET).stream()
                .filter(message -> "agent-service".equals(TestKafka.header(message, Headers.SOURCE)))
                .forEach(message -> said.computeIfAbsent(UUID.fromString(message.key()), id -> new ArrayList<>())
                        .add(ContractJson.mapper()
                                .readValue(message.value(), types.get(TestKafka.header(message, Headers.TYPE)))));
        return said;
    }
}
