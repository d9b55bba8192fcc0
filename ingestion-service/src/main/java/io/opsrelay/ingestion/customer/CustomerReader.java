package io.opsrelay.ingestion.customer;

import io.opsrelay.ingestion.customer.CustomerView.Detail;
import io.opsrelay.ingestion.customer.CustomerView.Identity;
import io.opsrelay.ingestion.customer.CustomerView.Note;
import io.opsrelay.ingestion.customer.CustomerView.RecentTicket;
import io.opsrelay.ingestion.customer.CustomerView.Summary;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads customers for people. Row-level security confines it to the client's own. */
@Component
class CustomerReader {

    private static final int RECENT = 10;

    private final ClientTransactions transactions;
    private final CustomerStore store;
    private final JdbcClient jdbc;

    CustomerReader(ClientTransactions transactions, CustomerStore store, JdbcClient jdbc) {
        this.transactions = transactions;
        this.store = store;
        this.jdbc = jdbc;
    }

    /**
     * Customers, newest first.
     *
     * @param blocked whether only those that are, or only those that are not, are wanted
     */
    Page<Summary> list(String clientId, @Nullable Boolean blocked, PageRequest page) {
        StringBuilder sql = new StringBuilder("select " + CustomerStore.COLUMNS + " from customer");
        sql.append(" where merged_into is null");
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (blocked != null) {
            sql.append(" and blocked_at is ").append(blocked ? "not null" : "null");
        }
        Cursor after = page.after();
        if (after != null) {
            sql.append(" and (created_at, customer_id) < (:time, :id)");
            parameters.put("time", CustomerStore.utc(after.createdAt()));
            parameters.put("id", after.id());
        }
        sql.append(" order by created_at desc, customer_id desc limit :rows");
        parameters.put("rows", page.limit() + 1);
        List<Summary> rows = transactions.read(
                clientId, () -> jdbc.sql(sql.toString()).params(parameters).query(CustomerStore::row).list().stream()
                        .map(CustomerRow::summary)
                        .toList());
        return Page.of(rows, page.limit(), row -> new Cursor(row.createdAt(), row.customerId()));
    }

    /** The customer that the row belongs to. */
    Optional<Detail> find(String clientId, UUID customerId) {
        return transactions.read(clientId, () -> jdbc.sql("select " + CustomerStore.COLUMNS + """
                                from customer
                                where customer_id = (select root from customer where customer_id = ?)""")
                .param(customerId)
                .query(CustomerStore::row)
                .optional()
                .map(this::detail));
    }

    private Detail detail(CustomerRow customer) {
        UUID id = customer.customerId();
        Map<String, Long> tickets = new LinkedHashMap<>();
        jdbc.sql("""
                        select status, count(*) as tickets from ticket
                        where customer_id = any(array(select customer_id from customer where root = ?))
                        group by status order by status""").param(id).query(row -> {
            tickets.put(row.getString("status"), row.getLong("tickets"));
        });
        return new Detail(
                customer.summary(),
                customer.revision(),
                customer.block(),
                identities(id),
                jdbc.sql("select count(*) from customer_note where customer_id = ?")
                        .param(id)
                        .query(Long.class)
                        .single(),
                tickets.values().stream().mapToLong(Long::longValue).sum(),
                tickets,
                recent(id));
    }

    private List<Identity> identities(UUID id) {
        List<Identity> identities = new ArrayList<>(jdbc.sql("""
                        select email, customer_id = root as is_primary, created_at from customer
                        where root = ? order by is_primary desc, created_at, email""")
                .param(id)
                .query((row, n) -> new Identity(
                        "email",
                        null,
                        row.getString("email"),
                        row.getBoolean("is_primary"),
                        CustomerStore.time(row, "created_at")))
                .list());
        identities.addAll(jdbc.sql("""
                        select source, external_id, created_at from customer_identity
                        where customer_id = ? order by created_at, source, external_id""")
                .param(id)
                .query((row, n) -> new Identity(
                        "external",
                        row.getString("source"),
                        row.getString("external_id"),
                        false,
                        CustomerStore.time(row, "created_at")))
                .list());
        return identities;
    }

    /** Each address's newest, merged: a customer of many tickets costs no more. */
    private List<RecentTicket> recent(UUID id) {
        return jdbc.sql("""
                        select t.* from customer c cross join lateral (
                            select ticket_id, subject, status, channel, created_at from ticket
                            where customer_id = c.customer_id order by created_at desc limit :rows) t
                        where c.root = :id order by t.created_at desc, t.ticket_id desc limit :rows""")
                .param("id", id)
                .param("rows", RECENT)
                .query((row, n) -> new RecentTicket(
                        row.getObject("ticket_id", UUID.class),
                        row.getString("subject"),
                        row.getString("status"),
                        row.getString("channel"),
                        CustomerStore.time(row, "created_at")))
                .list();
    }

    /** What was written down about the customer, newest first; empty if there is no such customer. */
    Optional<Page<Note>> notes(String clientId, UUID customerId, PageRequest page) {
        return transactions.read(clientId, () -> store.root(customerId)
                .map(root ->
                        Page.of(notes(root, page), page.limit(), note -> new Cursor(note.createdAt(), note.noteId()))));
    }

    private List<Note> notes(UUID root, PageRequest page) {
        Cursor after = page.after();
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("id", root);
        parameters.put("rows", page.limit() + 1);
        if (after != null) {
            parameters.put("time", CustomerStore.utc(after.createdAt()));
            parameters.put("after", after.id());
        }
        return jdbc.sql("select note_id, text, author, created_at from customer_note where customer_id = :id"
                        + (after == null ? "" : " and (created_at, note_id) < (:time, :after)")
                        + " order by created_at desc, note_id desc limit :rows")
                .params(parameters)
                .query((row, n) -> new Note(
                        row.getObject("note_id", UUID.class),
                        row.getString("text"),
                        row.getString("author"),
                        CustomerStore.time(row, "created_at")))
                .list();
    }
}
