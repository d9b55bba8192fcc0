package io.opsrelay.agent;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.testing.TestKafka;
import java.util.UUID;

/** Tells the service of events, and waits for what it says about a ticket. */
record TicketTalk(TestKafka kafka, String client) {

    void tell(Event event) {
        new Tickets(kafka).send(client, event);
    }

    /** The first event of that type about the ticket, once it is there. */
    <E extends Event> E await(UUID ticketId, Class<E> type) {
        String name = EventCatalog.typeOf(type).value();
        kafka.await(
                Topics.TICKET,
                message -> ticketId.toString().equals(message.key())
                        && name.equals(TestKafka.header(message, Headers.TYPE)));
        return kafka.all(Topics.TICKET).stream()
                .filter(message -> ticketId.toString().equals(message.key()))
                .filter(message -> name.equals(TestKafka.header(message, Headers.TYPE)))
                .map(message -> ContractJson.mapper().readValue(message.value(), type))
                .findFirst()
                .orElseThrow();
    }
}
