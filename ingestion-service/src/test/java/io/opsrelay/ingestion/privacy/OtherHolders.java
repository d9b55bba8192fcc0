package io.opsrelay.ingestion.privacy;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.ExportEvent;
import io.opsrelay.contracts.ExportEvent.ExportAnswered;
import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.security.seal.SealedParts;
import io.opsrelay.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Plays the services that hold something of a customer beside this one. */
record OtherHolders(TestKafka kafka, OtherServices others) {

    static UUID idIn(String location) {
        return UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
    }

    /** What the services are asked for an export, awaited. */
    List<ExportRequested> asked(UUID exportId, int tickets) {
        return kafka.await(Topics.TICKET, tickets, message -> isOf(exportId, message), TestKafka.PATIENCE).stream()
                .map(OtherHolders::read)
                .toList();
    }

    /** What the services have been asked for an export until now, of tickets that came many at once too. */
    List<ExportRequested> askedSoFar(UUID exportId) {
        return Stream.of(Topics.TICKET, Topics.TICKET_BULK)
                .flatMap(topic -> kafka.all(topic).stream())
                .filter(message -> isOf(exportId, message))
                .map(OtherHolders::read)
                .toList();
    }

    private static boolean isOf(UUID exportId, ConsumerRecord<String, byte[]> message) {
        return EventCatalog.typeOf(ExportRequested.class).value().equals(TestKafka.header(message, Headers.TYPE))
                && read(message).exportId().equals(exportId);
    }

    private static ExportRequested read(ConsumerRecord<String, byte[]> message) {
        return ContractJson.mapper().readValue(message.value(), ExportRequested.class);
    }

    /** What a service answers. */
    static List<ExportAnswered> answer(ExportRequested asked, Holder holder, String held) {
        return asked.answeredBy(
                holder.service(),
                SealedParts.seal(
                        asked.publicKey(),
                        held.getBytes(StandardCharsets.UTF_8),
                        ExportEvent.belongsTo(asked.exportId(), asked.ticketId(), holder.service())));
    }

    void tell(List<ExportAnswered> parts) {
        parts.forEach(part -> others.tell("acme", part));
    }

    /** All services answer about all tickets, what they hold being {@code service about ticket}. */
    void answerAll(String location, int tickets) {
        for (ExportRequested asked : asked(idIn(location), tickets)) {
            for (Holder holder : Holder.values()) {
                tell(answer(asked, holder, held(holder, asked.ticketId())));
            }
        }
    }

    static String held(Holder holder, UUID ticketId) {
        return holder.service() + " about " + ticketId;
    }
}
