package io.opsrelay.ingestion.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.ingestion.ticket.Collisions;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.Reception;
import io.opsrelay.ingestion.ticket.StatusChanges.Result;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.ingestion.upstream.Sources.Named;
import io.opsrelay.messaging.RawRecord;
import io.opsrelay.messaging.RawSubscription.Rejection;
import io.opsrelay.security.tenant.ClientTransactions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Makes tickets of a poll's records, and what follows on them: those of one client in one transaction each, in their order. */
@Component
class UpstreamIntake {

    private static final String UNKNOWN = "unknown";

    private final Sources sources;
    private final Tickets tickets;
    private final UpstreamStatuses statuses;
    private final ClientTransactions transactions;
    private final MeterRegistry meters;

    UpstreamIntake(
            Sources sources,
            Tickets tickets,
            UpstreamStatuses statuses,
            ClientTransactions transactions,
            MeterRegistry meters) {
        this.sources = sources;
        this.tickets = tickets;
        this.statuses = statuses;
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
        byClient.forEach((clientId, incoming) -> store(clientId, incoming, rejections, tally));
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

    private void store(String clientId, List<Incoming> incoming, List<Rejection> rejections, Tally tally) {
        List<NewTicket> made =
                incoming.stream().map(Incoming::ticket).filter(Objects::nonNull).toList();
        Iterator<Reception> receptions = made.isEmpty()
                ? Collections.emptyIterator()
                : tickets.receiveAll(clientId, made).iterator();
        List<Followed> records = new ArrayList<>();
        for (Incoming one : incoming) {
            if (one.ticket() == null) {
                records.add(new Followed(one, null));
                continue;
            }
            Reception reception = receptions.next();
            records.add(new Followed(one, ticketIdOf(reception)));
            tally.add(
                    reception instanceof Reception.Accepted ? UpstreamMetric.STORED : UpstreamMetric.REPEATED,
                    one.source().name());
        }
        if (incoming.stream().anyMatch(it -> it.said() != null || it.status() != null)) {
            follow(clientId, records, rejections, tally);
        }
    }

    /** @param ticketId null if nobody has looked yet, or there is none */
    private record Followed(Incoming incoming, @Nullable UUID ticketId) {}

    /**
     * Adds to tickets and sets their statuses. After a crash before this the records come again: their tickets are known
     * then, and what they add is not.
     */
    private void follow(String clientId, List<Followed> records, List<Rejection> rejections, Tally tally) {
        Supplier<List<Outcome>> following = () -> {
            List<Followed> found =
                    records.stream().map(record -> found(clientId, record)).toList();
            statuses.lockAhead(
                    clientId,
                    found.stream()
                            .map(Followed::ticketId)
                            .filter(Objects::nonNull)
                            .collect(Collectors.toSet()));
            return found.stream().map(record -> follow(clientId, record)).toList();
        };
        List<Outcome> outcomes = Collisions.retried(() -> transactions.call(clientId, following));
        for (Outcome outcome : outcomes) {
            Incoming incoming = outcome.incoming();
            switch (outcome.result()) {
                case Result.Done _ ->
                    tally.add(UpstreamMetric.STATUS_SET, incoming.source().name());
                case Result.Unchanged _ -> {
                    if (incoming.status() != null) {
                        tally.add(
                                UpstreamMetric.STATUS_PASSED, incoming.source().name());
                    }
                }
                case Result.Refused(String reason) -> {
                    tally.add(UpstreamMetric.REFUSED, incoming.source().name());
                    rejections.add(new Rejection(incoming.rawRecord(), reason, clientId));
                }
            }
        }
    }

    /** What became of a record's status. */
    private record Outcome(Incoming incoming, Result result) {}

    private Followed found(String clientId, Followed record) {
        Incoming incoming = record.incoming();
        return record.ticketId() != null
                ? record
                : new Followed(
                        incoming,
                        tickets.find(clientId, incoming.source().namespace(), incoming.externalId())
                                .orElse(null));
    }

    private Outcome follow(String clientId, Followed record) {
        Incoming incoming = record.incoming();
        UUID ticketId = record.ticketId();
        if (ticketId == null) {
            StatusTold told = incoming.status();
            return new Outcome(
                    incoming,
                    told == null || told.wanted() == null
                            ? new Result.Unchanged()
                            : new Result.Refused("no ticket of the source has external_id "
                                    + UnusableException.clip(incoming.externalId()) + ", whose status could be set"));
        }
        NewTicket said = incoming.said();
        if (said != null) {
            tickets.continueWith(clientId, ticketId, said);
        }
        return new Outcome(incoming, statuses.apply(clientId, ticketId, incoming));
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
