package io.opsrelay.ingestion.ticket;

import static io.opsrelay.ingestion.ticket.TimelineEntry.pairs;

import io.opsrelay.contracts.TicketEvent.TicketImported;
import io.opsrelay.ingestion.ticket.BatchStore.ExternalId;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Stores tickets that another system has worked already: resolved from the start, on the feed, and told by an event of
 * their own, since the one of a received ticket would start a run.
 */
@Component
public class ImportedTickets {

    private final ClientTransactions transactions;
    private final BatchStore store;
    private final Outbox outbox;
    private final Ids ids;
    private final Clock clock;

    ImportedTickets(ClientTransactions transactions, BatchStore store, Outbox outbox, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Stores it, unless a ticket with its external id is there already.
     *
     * @return never {@link Reception.KeyTaken}
     */
    public Reception store(String clientId, ImportedTicket imported) {
        return transactions.call(clientId, () -> {
            Reception known = known(imported);
            return known != null ? known : storeNew(clientId, imported);
        });
    }

    private @Nullable Reception known(ImportedTicket imported) {
        ExternalId externalId = ExternalId.of(imported.ticket());
        return externalId == null
                ? null
                : store.findByExternalIds(Set.of(externalId)).get(externalId);
    }

    private Reception storeNew(String clientId, ImportedTicket imported) {
        NewTicket ticket = imported.ticket();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        UUID customerId = Objects.requireNonNull(
                store.customers(clientId, Set.of(ticket.customerEmail()), email -> ids.next(), now)
                        .get(ticket.customerEmail()));
        BatchStore.Row row = new BatchStore.Row(
                ids.next(),
                ids.next(),
                customerId,
                ticket,
                TicketStatus.RESOLVED,
                imported.category(),
                imported.confidence(),
                entry(imported),
                null,
                now);
        if (store.insert(clientId, List.of(row)).isEmpty()) {
            return Objects.requireNonNull(known(imported));
        }
        outbox.feed(clientId, row.entry().feedRecord(row.ticketId(), 1, row.status()));
        outbox.publish(
                clientId,
                new TicketImported(
                        row.ticketId(),
                        ticket.channel(),
                        ticket.externalId(),
                        imported.category(),
                        imported.confidence(),
                        imported.accuracy(),
                        imported.industry(),
                        imported.region(),
                        imported.method(),
                        imported.processingMillis(),
                        imported.piiProtected(),
                        imported.redactions(),
                        imported.replyDrafted()));
        return new Reception.Accepted(row.ticketId());
    }

    private static TimelineEntry entry(ImportedTicket imported) {
        String category = imported.category();
        return new TimelineEntry(
                "ticket_imported",
                imported.ticket().actor(),
                "Worked elsewhere" + (category == null ? "" : ": " + category.replace('_', ' ')),
                pairs(
                        "channel", imported.ticket().channel(),
                        "category", category,
                        "confidence", imported.confidence(),
                        "industry", imported.industry(),
                        "region", imported.region(),
                        "method", imported.method()),
                pairs(
                        "accuracy", imported.accuracy(),
                        "processing_millis", imported.processingMillis(),
                        "pii_protected", imported.piiProtected(),
                        "redactions", imported.redactions(),
                        "reply_drafted", imported.replyDrafted(),
                        "reply_draft", imported.replyDraft()));
    }
}
