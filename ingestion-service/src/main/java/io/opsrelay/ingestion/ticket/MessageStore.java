package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.TicketEvent.Said;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What was said on tickets after their first text. Inside a transaction of the client. */
@Component
class MessageStore {

    /**
     * A ticket's own messages and those of the tickets that were merged into it. As an array: with an OR the planner would
     * read all of the client's messages.
     */
    static final String OF_TICKET_AND_MERGED = "ticket_id = any (array(select cast(:ticket as uuid) union all"
            + " select ticket_id from ticket where merged_into = :ticket))";

    private final JdbcClient jdbc;

    MessageStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A message to be stored.
     *
     * @param direction inbound, outbound, note
     * @param state pending, sent, delivered, failed
     * @param author the person who wrote it, if one of ours did
     * @param verified of inbound ones: whether the ticket's customer was proven to have written it
     * @param source whose {@code externalId} it is; both are there or none
     */
    record NewMessage(
            UUID messageId,
            String direction,
            String text,
            String state,
            @Nullable String author,
            @Nullable Boolean verified,
            @Nullable String source,
            @Nullable String externalId) {}

    /** A message that is there already. */
    record Known(UUID ticketId, UUID messageId, String direction, String text, String state) {}

    void add(String clientId, UUID ticketId, long seq, NewMessage message, Instant at) {
        jdbc.sql("""
                        insert into message (client_id, ticket_id, seq, message_id, direction, text, state, created_at,
                            author, verified, source, external_id)
                        values (:client, :ticket, :seq, :message, :direction, :text, :state, :at,
                            :author, :verified, :source, :external)
                        """)
                .param("client", clientId)
                .param("ticket", ticketId)
                .param("seq", seq)
                .param("message", message.messageId())
                .param("direction", message.direction())
                .param("text", message.text())
                .param("state", message.state())
                .param("at", DeskStore.utc(at))
                .param("author", message.author(), Types.VARCHAR)
                .param("verified", message.verified(), Types.BOOLEAN)
                .param("source", message.externalId() == null ? null : message.source(), Types.VARCHAR)
                .param("external", message.externalId(), Types.VARCHAR)
                .update();
    }

    Optional<Known> find(String source, String externalId) {
        return jdbc.sql("""
                        select ticket_id, message_id, direction, text, state from message
                        where external_id = :external and source = :source
                        """)
                .param("external", externalId)
                .param("source", source)
                .query((row, number) -> new Known(
                        row.getObject("ticket_id", UUID.class),
                        row.getObject("message_id", UUID.class),
                        row.getString("direction"),
                        row.getString("text"),
                        row.getString("state")))
                .optional();
    }

    /** The message that a ticket began with. */
    Optional<UUID> first(UUID ticketId) {
        return jdbc.sql("""
                        select message_id from message where ticket_id = :ticket and seq = 1 order by message_id limit 1
                        """).param("ticket", ticketId).query(UUID.class).optional();
    }

    /** Those of the tickets whose customers said something that no run and no person knows of yet. */
    List<UUID> withUnheard(Collection<UUID> ticketIds) {
        return jdbc.sql("""
                        select distinct t.ticket_id from ticket t join message m using (client_id, ticket_id)
                        where t.ticket_id = any (:tickets) and m.direction = 'inbound' and m.seq > greatest(t.heard_seq, t.answered_seq)
                        """)
                .param("tickets", ticketIds.toArray(UUID[]::new))
                .query(UUID.class)
                .list();
    }

    /** Whether that run resolved the ticket without having been told of all that its customer had said by then. */
    boolean isUnheardAfter(UUID ticketId, UUID runId) {
        return jdbc.sql("""
                        select exists (
                            select from ticket t join message m using (client_id, ticket_id)
                            where t.ticket_id = :ticket and t.status = 'resolved' and t.run_id = :run
                                and m.direction = 'inbound' and m.seq > greatest(t.heard_seq, t.answered_seq))
                        """)
                .param("ticket", ticketId)
                .param("run", runId)
                .query(Boolean.class)
                .single();
    }

    /**
     * What was said after the ticket's own text, newest first and at most {@code most}; no notes. Nothing of another
     * ticket is open: that was merged by somebody who read it.
     *
     * @param answered up to which version the customer's words were answered
     */
    List<Said> newestOf(UUID ticketId, long answered, int most) {
        return jdbc.sql("""
                        select direction, author, text, created_at,
                            direction = 'inbound' and ticket_id = :ticket and seq > :answered as open
                        from message
                        where %s and not (ticket_id = :ticket and seq = 1) and direction <> 'note' and state <> 'failed'
                        order by created_at desc, seq desc, message_id desc limit :most
                        """.formatted(OF_TICKET_AND_MERGED))
                .param("ticket", ticketId)
                .param("answered", answered)
                .param("most", most)
                .query((row, number) -> new Said(
                        row.getString("direction").equals("inbound")
                                ? "customer"
                                : row.getString("author") == null ? "agent" : "person",
                        row.getString("text"),
                        row.getBoolean("open"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    int countOf(UUID ticketId) {
        return jdbc.sql("""
                        select count(*)::int from message
                        where %s and not (ticket_id = :ticket and seq = 1) and direction <> 'note' and state <> 'failed'
                        """.formatted(OF_TICKET_AND_MERGED))
                .param("ticket", ticketId)
                .query(Integer.class)
                .single();
    }
}
