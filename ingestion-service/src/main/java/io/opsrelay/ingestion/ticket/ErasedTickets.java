package io.opsrelay.ingestion.ticket;

import static io.opsrelay.ingestion.ticket.TimelineEntry.pairs;

import io.opsrelay.ingestion.privacy.ErasedCustomer;
import io.opsrelay.ingestion.privacy.PersonalData;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Erases what is personal in tickets: each keeps its id, times, states and what it was classified as. */
@Component
class ErasedTickets implements PersonalData {

    static final String ERASED = "[erased]";

    /** What entries of a timeline keep: ids and words of ours. All else may quote a customer. */
    private static final String[] KEPT = {
        "run_id",
        "action_id",
        "approval_id",
        "action_type",
        "channel",
        "priority",
        "category",
        "confidence",
        "language",
        "sentiment",
        "out_of_scope",
        "method",
        "model_version",
        "processing_millis",
        "kind",
        "engine",
        "ai_employee",
        "outcome",
        "attempt",
        "by",
        "version",
        "rule"
    };

    private static final String TIMELINE = """
            update timeline_entry set
                summary = upper(left(event, 1)) || replace(substr(event, 2), '_', ' '),
                data = coalesce((select jsonb_object_agg(key, value) from jsonb_each(data) where key = any(:kept)), '{}')
            where ticket_id = any(:tickets)
            """;

    /** The sender's own id may be or hold an address; its hash still tells the same one from another. */
    private static final String TICKET = """
        update ticket set subject = :erased, body = :erased, metadata = '{}',
            external_id = case when starts_with(external_id, 'sha256:') then external_id
                else 'sha256:' || encode(sha256(convert_to(external_id, 'UTF8')), 'hex') end
        where ticket_id = :ticket
        returning version, status
        """;

    private final JdbcClient jdbc;
    private final TicketsInHand inHand;
    private final Clock clock;

    ErasedTickets(JdbcClient jdbc, TicketsInHand inHand, Clock clock) {
        this.jdbc = jdbc;
        this.inHand = inHand;
        this.clock = clock;
    }

    @Override
    public void erase(String clientId, ErasedCustomer customer) {
        UUID[] tickets = customer.ticketIds().toArray(UUID[]::new);
        jdbc.sql("""
                        update message set text = :erased, external_id = case
                            when external_id is null or starts_with(external_id, 'sha256:') then external_id
                            else 'sha256:' || encode(sha256(convert_to(external_id, 'UTF8')), 'hex') end
                        where ticket_id = any(:tickets)
                        """).param("erased", ERASED).param("tickets", tickets).update();
        jdbc.sql(TIMELINE).param("kept", KEPT).param("tickets", tickets).update();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        TimelineEntry entry = new TimelineEntry(
                "customer_erased", customer.actor(), "What was personal was erased", pairs(), Map.of());
        for (UUID ticketId : tickets) {
            Now ticket = jdbc.sql(TICKET)
                    .param("erased", ERASED)
                    .param("ticket", ticketId)
                    .query((row, n) -> new Now(row.getLong("version"), TicketStatus.of(row.getString("status"))))
                    .single();
            inHand.tell(clientId, ticketId, ticket.version() + 1, ticket.status(), entry, now);
        }
        inHand.letGo();
    }

    /** The ticket before its version moves. */
    private record Now(long version, TicketStatus status) {}
}
