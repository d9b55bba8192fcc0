package io.opsrelay.action.sandbox;

import io.opsrelay.action.payment.Charge;
import io.opsrelay.action.payment.Refund;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Money;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The sandbox's books. Every call belongs into a transaction of the client. */
@Repository
class LedgerStore {

    private final JdbcClient jdbc;

    LedgerStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Adds charges unless the client has some. Safe when several instances start at once. */
    int seed(String clientId, List<Charge> charges) {
        jdbc.sql("select pg_advisory_xact_lock(hashtext('sandbox-seed ' || :client))")
                .param("client", clientId)
                .query((row, number) -> 0)
                .single();
        if (jdbc.sql("select exists (select from sandbox_charge)")
                .query(Boolean.class)
                .single()) {
            return 0;
        }
        charges.forEach(charge -> insert(clientId, charge));
        return charges.size();
    }

    private void insert(String clientId, Charge charge) {
        jdbc.sql("""
                        insert into sandbox_charge (client_id, charge_id, id, order_id, amount, currency,
                            customer_email, created_at)
                        values (:client, :charge, :id, :order, :amount, :currency, :email, :at)
                        """)
                .param("client", clientId)
                .param("charge", charge.chargeId())
                .param("id", UUID.nameUUIDFromBytes(charge.chargeId().getBytes(StandardCharsets.UTF_8)))
                .param("order", charge.orderId())
                .param("amount", charge.amount().amount())
                .param("currency", charge.amount().currency())
                .param("email", charge.customerEmail())
                .param("at", timestamp(charge.createdAt()))
                .update();
    }

    Optional<Charge> findByOrder(String orderId) {
        return jdbc.sql("select * from sandbox_charge where order_id = :order")
                .param("order", orderId)
                .query(LedgerStore::charge)
                .optional();
    }

    /** Reads a charge and holds off other refunds of it until the transaction ends. */
    Optional<Charge> lock(String chargeId) {
        return jdbc.sql("select * from sandbox_charge where charge_id = :charge for update")
                .param("charge", chargeId)
                .query(LedgerStore::charge)
                .optional();
    }

    Optional<Refund> findRefund(String idempotencyKey) {
        return jdbc.sql("select * from sandbox_refund where idempotency_key = :key")
                .param("key", idempotencyKey)
                .query(LedgerStore::refund)
                .optional();
    }

    void insert(String clientId, Refund refund) {
        jdbc.sql("""
                        insert into sandbox_refund (client_id, refund_id, charge_id, idempotency_key, amount, currency,
                            created_at)
                        values (:client, :refund, :charge, :key, :amount, :currency, :at)
                        """)
                .param("client", clientId)
                .param("refund", refund.refundId())
                .param("charge", refund.chargeId())
                .param("key", refund.idempotencyKey())
                .param("amount", refund.amount().amount())
                .param("currency", refund.amount().currency())
                .param("at", timestamp(refund.createdAt()))
                .update();
    }

    /** Writes a call and its answer into the journal. */
    void journal(
            String clientId,
            Instant at,
            String operation,
            @Nullable String idempotencyKey,
            Map<String, Object> request,
            Map<String, Object> answer) {
        jdbc.sql("""
                        insert into sandbox_call (client_id, at, operation, idempotency_key, request, answer)
                        values (:client, :at, :operation, :key, :request::jsonb, :answer::jsonb)
                        """)
                .param("client", clientId)
                .param("at", timestamp(at))
                .param("operation", operation)
                .param("key", idempotencyKey)
                .param("request", ContractJson.mapper().writeValueAsString(request))
                .param("answer", ContractJson.mapper().writeValueAsString(answer))
                .update();
    }

    /** What the journal holds of a key, oldest first: the operations. */
    List<String> operationsWith(String idempotencyKey) {
        return jdbc.sql("select operation from sandbox_call where idempotency_key = :key order by call_id")
                .param("key", idempotencyKey)
                .query(String.class)
                .list();
    }

    /** Charges with their row ids, newest first, one more than the page holds. */
    List<Row> list(PageRequest page) {
        Cursor after = page.after();
        return jdbc.sql("select * from sandbox_charge where true"
                        + (after == null ? "" : " and (created_at, id) < (:afterTime, :afterId)")
                        + " order by created_at desc, id desc limit :limit")
                .param("afterTime", after == null ? null : timestamp(after.createdAt()))
                .param("afterId", after == null ? null : after.id())
                .param("limit", page.limit() + 1)
                .query((row, number) ->
                        new Row(Objects.requireNonNull(row.getObject("id", UUID.class)), charge(row, number)))
                .list();
    }

    /** The refunds of these charges, oldest first. */
    List<Refund> refundsOf(Collection<String> chargeIds) {
        return jdbc.sql("select * from sandbox_refund where charge_id = any(:charges) order by created_at, refund_id")
                .param("charges", chargeIds.toArray(String[]::new))
                .query(LedgerStore::refund)
                .list();
    }

    /** @param id what the list is paged by, beside the time */
    record Row(UUID id, Charge charge) {}

    private static Charge charge(ResultSet row, int number) throws SQLException {
        String currency = row.getString("currency");
        return new Charge(
                row.getString("charge_id"),
                row.getString("order_id"),
                new Money(row.getBigDecimal("amount"), currency),
                new Money(row.getBigDecimal("refunded"), currency),
                row.getString("customer_email"),
                instant(row, "created_at"));
    }

    private static Refund refund(ResultSet row, int number) throws SQLException {
        return new Refund(
                row.getString("refund_id"),
                row.getString("charge_id"),
                row.getString("idempotency_key"),
                new Money(row.getBigDecimal("amount"), row.getString("currency")),
                instant(row, "created_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
