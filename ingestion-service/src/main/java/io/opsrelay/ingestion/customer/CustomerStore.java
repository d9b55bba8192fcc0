package io.opsrelay.ingestion.customer;

import io.opsrelay.ingestion.customer.CustomerView.Block;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Changes the tables of customers. A row of table {@code customer} is an address; the row that the others of a person
 * point to stands for the customer. Every call belongs into a transaction of the client.
 */
@Component
class CustomerStore {

    static final String COLUMNS = """
            customer_id, email, name, blocked_at, blocked_by, blocked_reason, erased_at, revision, created_at,
            coalesce(updated_at, created_at) as updated_at
            """;

    private final JdbcClient jdbc;

    CustomerStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param email in lower case */
    boolean isBlocked(String email) {
        return jdbc.sql("""
                        select r.blocked_at is not null
                        from customer c join customer r on r.client_id = c.client_id and r.customer_id = c.root
                        where c.email = ?""").param(email).query(Boolean.class).optional().orElse(false);
    }

    /** The customer that a row belongs to, which others cannot change until the transaction ends. */
    Optional<CustomerRow> lock(UUID customerId) {
        Optional<UUID> root = root(customerId);
        while (root.isPresent()) {
            Optional<CustomerRow> locked = customer(root.get(), "for no key update");
            if (locked.isPresent()) {
                return locked;
            }
            // It was merged into another while this waited for it.
            root = root(root.get());
        }
        return Optional.empty();
    }

    /** The same without a lock: what it says may change at any moment, but an erased customer stays one. */
    Optional<CustomerRow> find(UUID customerId) {
        return root(customerId).flatMap(root -> customer(root, ""));
    }

    private Optional<CustomerRow> customer(UUID root, String lock) {
        return jdbc.sql("select " + COLUMNS + " from customer where customer_id = ? and merged_into is null " + lock)
                .param(root)
                .query(CustomerStore::row)
                .optional();
    }

    /** The row that stands for the customer of that row. */
    Optional<UUID> root(UUID customerId) {
        return jdbc.sql("select root from customer where customer_id = ?")
                .param(customerId)
                .query(UUID.class)
                .optional();
    }

    /** Writes what can change of a locked customer. */
    void update(CustomerRow customer) {
        Block block = customer.block();
        int rows = jdbc.sql("""
                        update customer set name = :name, blocked_at = :at, blocked_by = :by, blocked_reason = :reason,
                            revision = :revision, updated_at = :updated
                        where customer_id = :id and revision = :revision - 1""")
                .param("name", customer.name(), Types.VARCHAR)
                .param("at", block == null ? null : utc(block.at()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("by", block == null ? null : block.by(), Types.VARCHAR)
                .param("reason", block == null ? null : block.reason(), Types.VARCHAR)
                .param("revision", customer.revision())
                .param("updated", utc(customer.updatedAt()))
                .param("id", customer.customerId())
                .update();
        if (rows != 1) {
            throw new IllegalStateException("customer " + customer.customerId() + " was changed without its lock");
        }
    }

    /**
     * Gives the customer another address.
     *
     * @return whose it is already, which may be this customer; empty if it is new
     */
    Optional<UUID> addEmail(String clientId, UUID customerId, UUID newId, String email, Instant now) {
        int added = jdbc.sql("""
                        insert into customer (client_id, customer_id, email, merged_into, created_at)
                        values (?, ?, ?, ?, ?) on conflict (client_id, email) do nothing""")
                .params(clientId, newId, email, customerId, utc(now))
                .update();
        return added == 1
                ? Optional.empty()
                : jdbc.sql("select root from customer where email = ?")
                        .param(email)
                        .query(UUID.class)
                        .optional();
    }

    /**
     * Notes what another system calls the customer.
     *
     * @return whom it calls so already; empty if nobody
     */
    Optional<UUID> addExternal(
            String clientId, UUID customerId, String source, String externalId, String actor, Instant now) {
        int added = jdbc.sql("""
                        insert into customer_identity (client_id, source, external_id, customer_id, added_by, created_at)
                        values (?, ?, ?, ?, ?, ?) on conflict (client_id, source, external_id) do nothing""")
                .params(clientId, source, externalId, customerId, actor, utc(now))
                .update();
        return added == 1
                ? Optional.empty()
                : jdbc.sql("select customer_id from customer_identity where source = ? and external_id = ?")
                        .params(source, externalId)
                        .query(UUID.class)
                        .optional();
    }

    /** Of a client one merger at a time: two that lock the same customers in different orders would wait for each other. */
    void lockMergers(String clientId) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('mergers of ' || ?::text, 0))")
                .param(clientId)
                .query((row, n) -> 0)
                .list();
    }

    /** Makes all that belonged to {@code other} belong to {@code customer}. Both are locked. */
    void merge(UUID customer, UUID other, Instant now) {
        jdbc.sql("""
                        update customer set merged_into = :customer, name = null,
                            blocked_at = null, blocked_by = null, blocked_reason = null, updated_at = :now
                        where root = :other""")
                .param("customer", customer)
                .param("other", other)
                .param("now", utc(now))
                .update();
        for (String table : new String[] {"customer_identity", "customer_note", "customer_export"}) {
            jdbc.sql("update " + table + " set customer_id = ? where customer_id = ?")
                    .params(customer, other)
                    .update();
        }
    }

    void addNote(String clientId, UUID customerId, UUID noteId, String text, String author, Instant now) {
        jdbc.sql("""
                        insert into customer_note (client_id, customer_id, note_id, text, author, created_at)
                        values (?, ?, ?, ?, ?, ?)""")
                .params(clientId, customerId, noteId, text, author, utc(now))
                .update();
    }

    static CustomerRow row(ResultSet row, int n) throws SQLException {
        Instant blockedAt = instant(row, "blocked_at");
        return new CustomerRow(
                row.getObject("customer_id", UUID.class),
                row.getString("email"),
                row.getString("name"),
                blockedAt == null
                        ? null
                        : new Block(blockedAt, row.getString("blocked_by"), row.getString("blocked_reason")),
                instant(row, "erased_at"),
                row.getLong("revision"),
                time(row, "created_at"),
                time(row, "updated_at"));
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
