package io.opsrelay.ingestion.ticket;

import static io.opsrelay.ingestion.ticket.TimelineEntry.pairs;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Messages to customers, for those who carry them: what is to be said to whom, and what became of it. Each change stands
 * in the ticket's timeline and goes to the dashboards. All of it runs in a transaction of the client.
 */
@Component
public class OutboundMessages {

    private static final String ACTOR = "service:ingestion-service";

    private final TicketsInHand tickets;
    private final JdbcClient jdbc;
    private final Clock clock;

    OutboundMessages(TicketsInHand tickets, JdbcClient jdbc, Clock clock) {
        this.tickets = tickets;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The message, unless there is none to a customer with that id on that ticket. */
    public Optional<OutboundMessage> find(UUID ticketId, UUID messageId) {
        return jdbc.sql("""
                        select m.text, m.state, m.created_at, t.channel, t.subject, c.email,
                               m.author is not null as by_person
                        from message m
                        join ticket t using (client_id, ticket_id)
                        join customer c using (client_id, customer_id)
                        where m.ticket_id = :ticket and m.message_id = :message and m.direction = 'outbound'
                        """)
                .param("ticket", ticketId)
                .param("message", messageId)
                .query((row, number) -> new OutboundMessage(
                        ticketId,
                        messageId,
                        row.getString("text"),
                        MessageState.of(row.getString("state")),
                        row.getString("channel"),
                        row.getString("subject"),
                        row.getString("email"),
                        row.getBoolean("by_person"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    /**
     * Moves the message on.
     *
     * @param event snake_case, for timeline and dashboards, e.g. {@code message_sent}
     * @param summary for people
     * @param details for the ticket's own page only
     * @return whether it moved: it may have been there already, or further
     */
    public boolean move(
            String clientId,
            UUID ticketId,
            UUID messageId,
            MessageState next,
            String event,
            String summary,
            Map<String, String> details) {
        TicketsInHand.Current ticket = tickets.find(ticketId).orElse(null);
        MessageState now = ticket == null ? null : stateOf(ticketId, messageId).orElse(null);
        if (ticket == null || now == null || !now.mayBecome(next)) {
            return false;
        }
        jdbc.sql("update message set state = ? where ticket_id = ? and message_id = ?")
                .params(next.wireName(), ticketId, messageId)
                .update();
        tell(clientId, ticketId, ticket, messageId, next, event, summary, details);
        return true;
    }

    /** Tells something about a message that does not move it. */
    public void tell(
            String clientId, UUID ticketId, UUID messageId, String event, String summary, Map<String, String> details) {
        tickets.find(ticketId).ifPresent(ticket -> stateOf(ticketId, messageId)
                .ifPresent(state -> tell(clientId, ticketId, ticket, messageId, state, event, summary, details)));
    }

    private Optional<MessageState> stateOf(UUID ticketId, UUID messageId) {
        return jdbc.sql("select state from message where ticket_id = ? and message_id = ? and direction = 'outbound'")
                .params(ticketId, messageId)
                .query((row, number) -> MessageState.of(row.getString("state")))
                .optional();
    }

    private void tell(
            String clientId,
            UUID ticketId,
            TicketsInHand.Current ticket,
            UUID messageId,
            MessageState state,
            String event,
            String summary,
            Map<String, String> details) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        TimelineEntry entry = new TimelineEntry(
                event,
                ACTOR,
                summary,
                pairs("message_id", messageId.toString(), "message_state", state.wireName()),
                new LinkedHashMap<>(details));
        tickets.advance(
                clientId,
                ticketId,
                ticket,
                ticket.state(),
                null,
                entry,
                new TicketsInHand.Reply(messageId, state),
                now);
        // Whoever goes on with this ticket in the same transaction reads its row.
        tickets.letGo();
    }
}
