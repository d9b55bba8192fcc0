package io.opsrelay.ingestion.ticket;

import io.opsrelay.ingestion.ticket.TicketView.Detail;
import io.opsrelay.ingestion.ticket.TicketView.Entry;
import io.opsrelay.ingestion.ticket.TicketView.Message;
import io.opsrelay.ingestion.ticket.TicketView.Sender;
import io.opsrelay.ingestion.ticket.TicketView.Summary;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads tickets for people. Row-level security confines it to the client's own. */
@Component
class TicketReader {

    private static final String COLUMNS = """
            t.ticket_id, t.status, t.subject, t.channel, t.priority, t.category, t.confidence, t.language, t.sentiment,
            t.customer_id, c.email, t.sender_verified, t.external_id, t.run_id, t.version, t.created_at, t.updated_at,
            t.resolved_at
            """;

    private static final String NEWEST_FIRST = " order by created_at desc, ticket_id desc limit :rows";

    private final ClientTransactions transactions;
    private final JdbcClient jdbc;

    TicketReader(ClientTransactions transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    Page<Summary> list(String clientId, TicketFilter filter, PageRequest page) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("rows", page.limit() + 1);
        String sql = "select " + COLUMNS + " from (" + pageOf(filter, page.after(), parameters) + ") t"
                + " join customer c using (client_id, customer_id) order by t.created_at desc, t.ticket_id desc";
        List<Summary> rows = transactions.read(clientId, () -> jdbc.sql(sql)
                .params(parameters)
                .query((row, number) -> summary(row))
                .list());
        return Page.of(rows, page.limit(), Summary::cursor);
    }

    /** Each status is read in its own index order and the few rows are merged: no page costs more for being deep. */
    private static String pageOf(TicketFilter filter, @Nullable Cursor after, Map<String, Object> parameters) {
        String conditions = conditions(filter, after, parameters);
        if (filter.statuses().isEmpty()) {
            return "select * from ticket where true" + conditions + NEWEST_FIRST;
        }
        parameters.put(
                "statuses",
                filter.statuses().stream().map(TicketStatus::wireName).toArray(String[]::new));
        return "select one.* from unnest(:statuses) as s (status) cross join lateral ("
                + "select * from ticket where status = s.status" + conditions + NEWEST_FIRST + ") one" + NEWEST_FIRST;
    }

    private static String conditions(TicketFilter filter, @Nullable Cursor after, Map<String, Object> parameters) {
        StringBuilder conditions = new StringBuilder();
        Map<String, @Nullable String> equal = new LinkedHashMap<>();
        equal.put("channel", filter.channel());
        equal.put("priority", filter.priority());
        equal.put("category", filter.category());
        equal.put("external_id", filter.externalId());
        equal.forEach((column, value) -> {
            if (value != null) {
                conditions.append(" and ").append(column).append(" = :").append(column);
                parameters.put(column, value);
            }
        });
        if (after != null) {
            conditions.append(" and (created_at, ticket_id) < (:after_time, :after_id)");
            parameters.put("after_time", after.createdAt().atOffset(ZoneOffset.UTC));
            parameters.put("after_id", after.id());
        }
        return conditions.toString();
    }

    Optional<Detail> find(String clientId, UUID ticketId) {
        return transactions.read(clientId, () -> {
            String sql = "select " + COLUMNS + ", t.body, t.metadata"
                    + " from ticket t join customer c using (client_id, customer_id) where t.ticket_id = :ticket";
            return jdbc.sql(sql)
                    .param("ticket", ticketId)
                    .query((row, number) -> detail(row))
                    .optional()
                    .map(this::withHistory);
        });
    }

    /** What came after the ticket was read is left out, so that the answer is the ticket at one version. */
    private Detail withHistory(Detail ticket) {
        UUID ticketId = ticket.summary().ticketId();
        long version = ticket.summary().version();
        List<Message> messages = jdbc.sql("""
                        select message_id, direction, text, state, created_at from message
                        where ticket_id = :ticket and seq <= :version order by seq, message_id
                        """)
                .param("ticket", ticketId)
                .param("version", version)
                .query((row, number) -> new Message(
                        row.getObject("message_id", UUID.class),
                        row.getString("direction"),
                        row.getString("text"),
                        row.getString("state"),
                        instant(row, "created_at")))
                .list();
        List<Entry> timeline = jdbc.sql("""
                        select seq, event, at, actor, summary, data from timeline_entry
                        where ticket_id = :ticket and seq <= :version order by seq
                        """)
                .param("ticket", ticketId)
                .param("version", version)
                .query((row, number) -> new Entry(
                        row.getLong("seq"),
                        row.getString("event"),
                        instant(row, "at"),
                        row.getString("actor"),
                        row.getString("summary"),
                        row.getString("data")))
                .list();
        String reply = messages.reversed().stream()
                .filter(message -> message.direction().equals("outbound"))
                .map(Message::text)
                .findFirst()
                .orElse(null);
        return new Detail(ticket.summary(), ticket.body(), ticket.metadata(), reply, messages, timeline);
    }

    private static Detail detail(ResultSet row) throws SQLException {
        return new Detail(summary(row), row.getString("body"), row.getString("metadata"), null, List.of(), List.of());
    }

    private static Summary summary(ResultSet row) throws SQLException {
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

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
