package io.opsrelay.ingestion.ticket;

import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.ticket.TicketView.Detail;
import io.opsrelay.ingestion.ticket.TicketView.Entry;
import io.opsrelay.ingestion.ticket.TicketView.Message;
import io.opsrelay.ingestion.ticket.TicketView.Sender;
import io.opsrelay.ingestion.ticket.TicketView.Summary;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads a ticket for people. Row-level security confines it to the client's own. */
@Component
class TicketReader {

    /** Of a ticket t and its customer c, what {@link #summary} reads. */
    static final String COLUMNS = """
            t.ticket_id, t.status, t.subject, t.channel, t.priority, t.category, t.confidence, t.language, t.sentiment,
            t.customer_id, c.email, t.sender_verified, t.external_id, t.run_id, t.version, t.created_at, t.updated_at,
            t.resolved_at
            """;

    private final ClientTransactions transactions;
    private final JdbcClient jdbc;
    private final TicketHistory history;
    private final DeskStore desk;
    private final Attachments attachments;

    TicketReader(
            ClientTransactions transactions,
            JdbcClient jdbc,
            TicketHistory history,
            DeskStore desk,
            Attachments attachments) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.history = history;
        this.desk = desk;
        this.attachments = attachments;
    }

    Optional<Detail> find(String clientId, UUID ticketId) {
        return transactions.read(clientId, () -> {
            String sql = "select " + COLUMNS + ", t.body, t.metadata"
                    + " from ticket t join customer c using (client_id, customer_id) where t.ticket_id = :ticket";
            return jdbc.sql(sql)
                    .param("ticket", ticketId)
                    .query((row, number) -> detail(row))
                    .optional()
                    .map(ticket -> withHistory(clientId, ticket));
        });
    }

    /** What came after the ticket was read is left out, so that the answer is the ticket at one version. */
    private Detail withHistory(String clientId, Detail ticket) {
        UUID ticketId = ticket.summary().ticketId();
        long version = ticket.summary().version();
        Page<Message> messages = history.messages(ticketId, HistoryCursor.START, version, Page.MAX_LIMIT);
        Page<Entry> timeline = history.timeline(ticketId, HistoryCursor.START, version, Page.MAX_LIMIT);
        return new Detail(
                ticket.summary(),
                ticket.body(),
                ticket.metadata(),
                history.newestReply(ticketId, version),
                desk.handlingOf(ticketId),
                attachments.ofTicket(clientId, ticketId),
                messages.items(),
                messages.nextCursor(),
                timeline.items(),
                timeline.nextCursor());
    }

    Page<Message> messages(String clientId, UUID ticketId, HistoryCursor after, int limit) {
        return transactions.read(clientId, () -> history.messages(ticketId, after, versionOf(ticketId), limit));
    }

    Page<Entry> timeline(String clientId, UUID ticketId, HistoryCursor after, int limit) {
        return transactions.read(clientId, () -> history.timeline(ticketId, after, versionOf(ticketId), limit));
    }

    private long versionOf(UUID ticketId) {
        return jdbc.sql("select version from ticket where ticket_id = :ticket")
                .param("ticket", ticketId)
                .query(Long.class)
                .optional()
                .orElseThrow(() -> ProblemException.notFound("ticket", ticketId));
    }

    private static Detail detail(ResultSet row) throws SQLException {
        return new Detail(
                summary(row),
                row.getString("body"),
                row.getString("metadata"),
                null,
                DeskStore.UNHANDLED,
                List.of(),
                List.of(),
                null,
                List.of(),
                null);
    }

    static Summary summary(ResultSet row) throws SQLException {
        return new Summary(
                row.getObject("ticket_id", UUID.class),
                row.getString("status"),
                row.getString("subject"),
                row.getString("channel"),
                row.getString("priority"),
                row.getString("category"),
                row.getObject("confidence", Double.class),
                row.getString("language"),
                row.getString("sentiment"),
                new Sender(
                        row.getObject("customer_id", UUID.class),
                        row.getString("email"),
                        row.getBoolean("sender_verified")),
                row.getString("external_id"),
                row.getObject("run_id", UUID.class),
                row.getLong("version"),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                row.getObject("resolved_at") == null ? null : instant(row, "resolved_at"));
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
