package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.ingestion.ticket.BatchStore.ExternalId;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Receives many tickets of a client in one transaction, each like {@link Tickets#receive} would. */
@Component
class TicketBatches {

    /** So many new tickets at once are an import: what is done about them is nobody's waiting time but its own. */
    static final int MANY = 32;

    private final BatchStore store;
    private final Outbox outbox;
    private final Ids ids;
    private final Clock clock;

    TicketBatches(BatchStore store, Outbox outbox, Ids ids, Clock clock) {
        this.store = store;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
    }

    /** Inside a transaction of the client. Answers in the order of the tickets. */
    List<Reception> receive(String clientId, List<HandedTicket> handed) {
        Reception[] answers = new Reception[handed.size()];
        Map<Integer, HandedTicket> fresh = withoutKnown(handed, answers);
        Map<Integer, Integer> repetitions = withoutRepetitions(fresh);
        if (!fresh.isEmpty()) {
            store(clientId, fresh, answers);
        }
        repetitions.forEach((again, first) -> answers[again] = repeated(answers[first]));
        List<Reception> list = new ArrayList<>();
        for (Reception answer : answers) {
            list.add(Objects.requireNonNull(answer));
        }
        return list;
    }

    /** Those that nobody handed in before, by their place in the list. */
    private Map<Integer, HandedTicket> withoutKnown(List<HandedTicket> handed, Reception[] answers) {
        Map<String, BatchStore.Keyed> byKey = store.findByKeys(handed.stream()
                .map(HandedTicket::key)
                .filter(Objects::nonNull)
                .map(RequestKey::key)
                .toList());
        Map<ExternalId, Reception.Repeated> byExternalId = store.findByExternalIds(externalIds(handed));
        Map<Integer, HandedTicket> fresh = new LinkedHashMap<>();
        for (int i = 0; i < handed.size(); i++) {
            HandedTicket one = handed.get(i);
            Reception known = known(one, byKey, byExternalId);
            if (known == null) {
                fresh.put(i, one);
            } else {
                answers[i] = known;
            }
        }
        return fresh;
    }

    private static @Nullable Reception known(
            HandedTicket one, Map<String, BatchStore.Keyed> byKey, Map<ExternalId, Reception.Repeated> byExternalId) {
        RequestKey key = one.key();
        BatchStore.Keyed keyed = key == null ? null : byKey.get(key.key());
        if (key != null && keyed != null) {
            return keyed.requestHash().equals(key.requestHash()) ? keyed.answer() : new Reception.KeyTaken();
        }
        ExternalId externalId = ExternalId.of(one.ticket());
        return externalId == null ? null : byExternalId.get(externalId);
    }

    private static Set<ExternalId> externalIds(Collection<HandedTicket> handed) {
        return handed.stream()
                .map(one -> ExternalId.of(one.ticket()))
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Takes out what the list itself holds twice; from the place of each repetition to the place of the first. */
    private static Map<Integer, Integer> withoutRepetitions(Map<Integer, HandedTicket> fresh) {
        Map<Object, Integer> firsts = new HashMap<>();
        Map<Integer, Integer> repetitions = new HashMap<>();
        fresh.forEach((place, one) -> {
            Object name = one.key() != null ? one.key().key() : ExternalId.of(one.ticket());
            Integer first = name == null ? null : firsts.putIfAbsent(name, place);
            if (first != null) {
                repetitions.put(place, first);
            }
        });
        fresh.keySet().removeAll(repetitions.keySet());
        return repetitions;
    }

    private void store(String clientId, Map<Integer, HandedTicket> fresh, Reception[] answers) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Map<String, UUID> customers = store.customers(
                clientId,
                fresh.values().stream().map(one -> one.ticket().customerEmail()).collect(Collectors.toSet()),
                email -> ids.next(),
                now);
        boolean many = fresh.size() >= MANY;
        Map<Integer, BatchStore.Row> rows = new LinkedHashMap<>();
        fresh.forEach((place, one) -> rows.put(
                place,
                new BatchStore.Row(
                        many ? ids.nextOfMany() : ids.next(),
                        ids.next(),
                        Objects.requireNonNull(customers.get(one.ticket().customerEmail())),
                        one.ticket(),
                        TicketStatus.RECEIVED,
                        null,
                        null,
                        Narrative.received(one.ticket()),
                        one.key(),
                        // A microsecond apart: lists show them in the order in which they were handed in.
                        now.plus(rows.size(), ChronoUnit.MICROS))));
        Set<UUID> stored = store.insert(clientId, inOneOrder(rows.values()));
        Map<ExternalId, Reception.Repeated> faster =
                stored.size() == rows.size() ? Map.of() : store.findByExternalIds(externalIds(fresh.values()));
        rows.forEach((place, row) -> {
            if (stored.contains(row.ticketId())) {
                tell(clientId, row);
                answers[place] = new Reception.Accepted(row.ticketId());
            } else {
                answers[place] = Objects.requireNonNull(faster.get(ExternalId.of(row.ticket())));
            }
        });
    }

    private static List<BatchStore.Row> inOneOrder(Collection<BatchStore.Row> rows) {
        return rows.stream()
                .sorted(Comparator.comparing(
                        row -> ExternalId.of(row.ticket()), Comparator.nullsFirst(Comparator.naturalOrder())))
                .toList();
    }

    private void tell(String clientId, BatchStore.Row row) {
        NewTicket ticket = row.ticket();
        outbox.feed(clientId, row.entry().feedRecord(row.ticketId(), 1, row.status()));
        outbox.publish(
                clientId,
                new TicketReceived(
                        row.ticketId(),
                        ticket.channel(),
                        ticket.subject(),
                        ticket.body(),
                        new Customer(row.customerId(), ticket.customerEmail(), ticket.senderVerified()),
                        ticket.priority(),
                        ticket.externalId(),
                        ticket.metadata()));
    }

    private static Reception repeated(Reception first) {
        return switch (first) {
            case Reception.Accepted(UUID ticketId) -> new Reception.Repeated(ticketId, TicketStatus.RECEIVED);
            case Reception.Repeated again -> again;
            case Reception.KeyTaken taken -> taken;
        };
    }
}
