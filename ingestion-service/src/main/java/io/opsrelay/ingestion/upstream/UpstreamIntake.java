package io.opsrelay.ingestion.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.Reception;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.ingestion.upstream.Sources.Named;
import io.opsrelay.messaging.RawRecord;
import io.opsrelay.messaging.RawSubscription.Rejection;
import io.opsrelay.security.tenant.ClientTransactions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/** Makes tickets of a poll's records: those of one client in one transaction, in their order. */
@Component
class UpstreamIntake {

    private static final String UNKNOWN = "unknown";

    private final Sources sources;
    private final Tickets tickets;
    private final ClientTransactions transactions;
    private final MeterRegistry meters;

    UpstreamIntake(Sources sources, Tickets tickets, ClientTransactions transactions, MeterRegistry meters) {
        this.sources = sources;
        this.tickets = tickets;
        this.transactions = transactions;
        this.meters = meters;
    }

    /** Stores what can be stored and answers with the rest. What was stored before is recognised by its id. */
    List<Rejection> take(List<RawRecord> records) {
        Map<String, Optional<Named>> known = new HashMap<>();
        Map<String, List<Incoming>> byClient = new LinkedHashMap<>();
        List<Rejection> rejections = new ArrayList<>();
        Tally tally = new Tally();
        for (RawRecord rawRecord : records) {
            read(rawRecord, known, byClient, rejections, tally);
        }
        byClient.forEach((clientId, incoming) -> store(clientId, incoming, tally));
        // Told when it is committed, not before.
        tally.tell(meters);
        return rejections;
    }

    private void read(
            RawRecord rawRecord,
            Map<String, Optional<Named>> known,
            Map<String, List<Incoming>> byClient,
            List<Rejection> rejections,
            Tally tally) {
        // Whose a record is should be known even if nothing else about it is.
        String name = Content.statedSource(rawRecord);
        try {
            Content content = Content.of(rawRecord);
            name = content.source();
            Source source = known.computeIfAbsent(name, sources::named)
                    .orElseThrow(() -> new UnusableException(
                            "source " + UnusableException.clip(content.source()) + " is not bound to a client"))
                    .usable();
            if (!source.takes(content.type())) {
                tally.add(UpstreamMetric.SKIPPED, name);
                return;
            }
            byClient.computeIfAbsent(source.clientId(), client -> new ArrayList<>())
                    .add(Incoming.of(source, content, rawRecord));
        } catch (UnusableException e) {
            Named named = name == null
                    ? null
                    : known.computeIfAbsent(name, sources::named).orElse(null);
            tally.add(UpstreamMetric.REFUSED, name == null || named == null ? UNKNOWN : name);
            rejections.add(
                    new Rejection(rawRecord, String.valueOf(e.getMessage()), named == null ? null : named.clientId()));
        }
    }

    private void store(String clientId, List<Incoming> incoming, Tally tally) {
        List<Reception> receptions = tickets.receiveAll(
                clientId, incoming.stream().map(Incoming::ticket).toList());
        if (incoming.stream().anyMatch(it -> it.comment() != null)) {
            addComments(clientId, incoming, receptions);
        }
        for (int i = 0; i < incoming.size(); i++) {
            tally.add(
                    receptions.get(i) instanceof Reception.Accepted ? UpstreamMetric.STORED : UpstreamMetric.REPEATED,
                    incoming.get(i).source().name());
        }
    }

    /** After a crash before this the records come again: their tickets are known then, and what they add is not. */
    private void addComments(String clientId, List<Incoming> incoming, List<Reception> receptions) {
        Runnable adding = () -> {
            for (int i = 0; i < incoming.size(); i++) {
                NewTicket said = incoming.get(i).said();
                if (said != null) {
                    tickets.continueWith(clientId, ticketIdOf(receptions.get(i)), said);
                }
            }
        };
        try {
            transactions.run(clientId, adding);
        } catch (DuplicateKeyException e) {
            // One of them was being stored at the same moment, by another instance. It is there now.
            transactions.run(clientId, adding);
        }
    }

    private static UUID ticketIdOf(Reception reception) {
        return switch (reception) {
            case Reception.Accepted(UUID ticketId) -> ticketId;
            case Reception.Repeated(UUID ticketId, var _) -> ticketId;
            case Reception.KeyTaken _ -> throw new IllegalStateException("records have no request key");
        };
    }

    /** How often what happened, by source. */
    private static final class Tally {
        private final Map<UpstreamMetric, Map<String, Integer>> counts = new HashMap<>();

        void add(UpstreamMetric metric, String source) {
            counts.computeIfAbsent(metric, it -> new HashMap<>()).merge(source, 1, Integer::sum);
        }

        void tell(MeterRegistry meters) {
            counts.forEach(
                    (metric, bySource) -> bySource.forEach((source, count) -> metric.add(meters, source, count)));
        }
    }
}
