package io.opsrelay.ingestion.privacy;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads and erases the tables of customers. Belongs into a transaction of the client. */
@Component
class PrivacyStore {

    private static final String ROWS = "(select customer_id from customer where root = :id)";

    private static final UUID NIL = new UUID(0, 0);

    private final JdbcClient jdbc;

    PrivacyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** The customer that a row belongs to, which others cannot change until the transaction ends. */
    Optional<Person> lock(UUID customerId) {
        Optional<UUID> root = root(customerId);
        while (root.isPresent()) {
            Optional<Person> locked = person(root.get(), "for update");
            if (locked.isPresent()) {
                return locked;
            }
            // It was merged into another while this waited for it.
            root = root(root.get());
        }
        return Optional.empty();
    }

    /** The same without a lock: what it says may change at any moment, but an erased customer stays one. */
    Optional<Person> find(UUID customerId) {
        return root(customerId).flatMap(root -> person(root, ""));
    }

    private Optional<Person> person(UUID root, String lock) {
        return jdbc.sql("select customer_id, email, erased_at is not null as erased from customer"
                        + " where customer_id = ? and merged_into is null " + lock)
                .param(root)
                .query((row, n) -> new Person(
                        row.getObject("customer_id", UUID.class), row.getString("email"), row.getBoolean("erased")))
                .optional();
    }

    Optional<UUID> root(UUID customerId) {
        return jdbc.sql("select root from customer where customer_id = ?")
                .param(customerId)
                .query(UUID.class)
                .optional();
    }

    /** The customer that one belongs to now: another one, if it was merged. */
    UUID rootOf(UUID customerId) {
        return root(customerId).orElse(customerId);
    }

    List<String> addresses(UUID customerId) {
        return jdbc.sql("select email from customer where root = ? order by email")
                .param(customerId)
                .query(String.class)
                .list();
    }

    /** How many tickets the customer has, and how many of them are still being worked. */
    Workload workload(UUID customerId, Collection<String> over) {
        return jdbc.sql("select count(*) as tickets, count(*) filter (where status <> all(:over)) as open from ticket"
                        + " where customer_id in " + ROWS)
                .param("id", customerId)
                .param("over", over.toArray(String[]::new))
                .query((row, n) -> new Workload(row.getInt("tickets"), row.getLong("open")))
                .single();
    }

    /** Some of the customer's tickets behind that one, in the order of their ids, which nobody changes until the end. */
    List<Owned> lockTickets(UUID customerId, @Nullable UUID after, int most) {
        return jdbc.sql("select ticket_id, status from ticket where customer_id in " + ROWS
                        + " and ticket_id > :after order by ticket_id limit :most for update")
                .param("id", customerId)
                .param("after", after == null ? NIL : after)
                .param("most", most)
                .query((row, n) -> new Owned(row.getObject("ticket_id", UUID.class), row.getString("status")))
                .list();
    }

    void beginErasure(String clientId, ErasureState erasure, String reason) {
        jdbc.sql("""
                        insert into customer_erasure
                            (client_id, customer_id, addresses, actor, reason, tickets, started_at)
                        values (?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        clientId,
                        erasure.customerId(),
                        erasure.addresses().toArray(String[]::new),
                        erasure.actor(),
                        reason,
                        erasure.tickets(),
                        utc(erasure.startedAt()))
                .update();
    }

    Optional<ErasureState> erasure(UUID customerId) {
        return jdbc.sql("select * from customer_erasure where customer_id = ?")
                .param(customerId)
                .query(PrivacyStore::erasureState)
                .optional();
    }

    void advanceErasure(UUID customerId, int erased, UUID lastTicket) {
        jdbc.sql("update customer_erasure set erased = erased + ?, last_ticket = ? where customer_id = ?")
                .params(erased, lastTicket, customerId)
                .update();
    }

    void endErasure(UUID customerId, Instant now) {
        jdbc.sql("update customer_erasure set addresses = null, ended_at = ? where customer_id = ?")
                .params(utc(now), customerId)
                .update();
    }

    /** Those of an erased customer's tickets that something came to after they were erased; locked like the others. */
    List<Owned> lockLate(UUID customerId) {
        return jdbc.sql("select t.ticket_id, t.status from ticket t where t.customer_id in " + ROWS + """
                         and (not exists (select from timeline_entry e
                            where e.ticket_id = t.ticket_id and e.seq = t.version and e.event = 'customer_erased')
                            or exists (select from stored_file f where f.ticket_id = t.ticket_id))
                        order by t.ticket_id for update of t""")
                .param("id", customerId)
                .query((row, n) -> new Owned(row.getObject("ticket_id", UUID.class), row.getString("status")))
                .list();
    }

    /** Some of the customer's tickets behind that one, in the order of their ids. */
    List<UUID> tickets(UUID customerId, @Nullable UUID after, int most) {
        return jdbc.sql("select ticket_id from ticket where customer_id in " + ROWS
                        + " and ticket_id > :after order by ticket_id limit :most")
                .param("id", customerId)
                .param("after", after == null ? NIL : after)
                .param("most", most)
                .query(UUID.class)
                .list();
    }

    /** Leaves rows that tell nothing: ids, times, and a substitute for each address. */
    void eraseCustomer(UUID customerId, Instant now) {
        jdbc.sql("delete from customer_note where customer_id = ?")
                .param(customerId)
                .update();
        jdbc.sql("delete from customer_identity where customer_id = ?")
                .param(customerId)
                .update();
        jdbc.sql("""
                        update customer set email = 'erased-' || customer_id || '@erased.invalid', name = null,
                            blocked_at = null, blocked_by = null, blocked_reason = null, erased_at = :now,
                            updated_at = :now, revision = revision + 1
                        where root = :id""").param("id", customerId).param("now", utc(now)).update();
    }

    /** Rows of a query as JSON texts, without the client. */
    List<String> json(String sql, UUID id) {
        return jdbc.sql("select to_jsonb(t) - 'client_id' - 'root' - 'name_in_lower' from (" + sql + ") t")
                .param("id", id)
                .query(String.class)
                .list();
    }

    private static ErasureState erasureState(ResultSet row, int n) throws SQLException {
        Array addresses = row.getArray("addresses");
        OffsetDateTime endedAt = row.getObject("ended_at", OffsetDateTime.class);
        return new ErasureState(
                row.getObject("customer_id", UUID.class),
                addresses == null ? List.of() : List.of((String[]) addresses.getArray()),
                row.getString("actor"),
                row.getInt("tickets"),
                row.getInt("erased"),
                row.getObject("last_ticket", UUID.class),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                endedAt == null ? null : endedAt.toInstant());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** @param email the address that the customer was first known by */
    record Person(UUID customerId, String email, boolean erased) {}

    /** A customer's ticket and its state. */
    record Owned(UUID ticketId, String status) {}

    /** @param open those that are being worked */
    record Workload(int tickets, long open) {}

    /**
     * How far an erasure has come.
     *
     * @param addresses all that the customer wrote from; empty once it has ended
     * @param tickets how many there were when it began
     * @param erased how many are erased
     * @param lastTicket the last of those
     */
    record ErasureState(
            UUID customerId,
            List<String> addresses,
            String actor,
            int tickets,
            int erased,
            @Nullable UUID lastTicket,
            Instant startedAt,
            @Nullable Instant endedAt) {

        ErasureState {
            addresses = List.copyOf(addresses);
        }
    }
}
