package io.opsrelay.ingestion.ticket;

import io.opsrelay.security.tenant.ClientTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads all tickets of a list as they were at one moment, however many: a cursor on the server hands them out. */
@Component
public class TicketExports {

    /** The longest texts that there may be take 10 MB so. */
    private static final int ROWS_AT_ONCE = 100;

    private static final String SELECT = """
            select ticket_id, status, channel, priority, category, confidence, language, sentiment, customer_id,
                (select email from customer c where c.customer_id = ticket.customer_id) as email,
                sender_verified, external_id, subject, body, created_at, updated_at, resolved_at
            from ticket where true
            """;

    private final ClientTransactions transactions;
    private final JdbcClient jdbc;

    TicketExports(ClientTransactions transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    /**
     * Hands each ticket to {@code taker}, in order. A connection is taken until the last one.
     *
     * @throws org.springframework.dao.DataAccessException if the database is lost on the way
     */
    public void forEach(String clientId, TicketFilter filter, TicketSort sort, Consumer<ExportedTicket> taker) {
        transactions.read(clientId, () -> {
            TicketConditions conditions = new TicketConditions(filter);
            conditions.lookUpCustomer(jdbc);
            String found = filter.words() == null
                    ? ""
                    : " and ticket_id in (select tickets_with(" + TicketConditions.words() + "))";
            jdbc.sql(SELECT + conditions.facts() + found + sort.order())
                    .withFetchSize(ROWS_AT_ONCE)
                    .params(conditions.parameters())
                    .query(row -> {
                        taker.accept(ticket(row));
                    });
            return clientId;
        });
    }

    private static ExportedTicket ticket(ResultSet row) throws SQLException {
        return new ExportedTicket(
                row.getObject("ticket_id", UUID.class),
                row.getString("status"),
                row.getString("channel"),
                row.getString("priority"),
                row.getString("category"),
                row.getObject("confidence", Double.class),
                row.getString("language"),
                row.getString("sentiment"),
                row.getObject("customer_id", UUID.class),
                row.getString("email"),
                row.getBoolean("sender_verified"),
                row.getString("external_id"),
                row.getString("subject"),
                row.getString("body"),
                TicketReader.instant(row, "created_at"),
                TicketReader.instant(row, "updated_at"),
                row.getObject("resolved_at") == null ? null : TicketReader.instant(row, "resolved_at"));
    }
}
