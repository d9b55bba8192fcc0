package io.opsrelay.action.stripe;

import io.opsrelay.action.payment.RefundOrder;
import io.opsrelay.contracts.Money;
import io.opsrelay.security.tenant.ClientTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** When each refund was first sent to Stripe, committed before it is: a key is good for a limited time only. */
@Repository
class RefundAttempts {

    private final ClientTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;

    RefundAttempts(ClientTransactions transactions, JdbcClient jdbc, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Notes that the order is about to be sent; the first of an order counts. */
    Attempt begin(String clientId, RefundOrder order) {
        return transactions.call(clientId, () -> {
            jdbc.sql("""
                            insert into stripe_refund_attempt (client_id, idempotency_key, charge_id, amount, currency,
                                first_sent_at)
                            values (:client, :key, :charge, :amount, :currency, :at)
                            on conflict do nothing
                            """)
                    .param("client", clientId)
                    .param("key", order.idempotencyKey())
                    .param("charge", order.chargeId())
                    .param("amount", order.amount().amount())
                    .param("currency", order.amount().currency())
                    .param("at", clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
            return read(order.idempotencyKey()).orElseThrow();
        });
    }

    Optional<Attempt> find(String clientId, String idempotencyKey) {
        return transactions.read(clientId, () -> read(idempotencyKey));
    }

    /** Stripe's answer to this key is an error, and stays one. */
    void answeredByError(String clientId, String idempotencyKey) {
        transactions.run(clientId, () -> jdbc.sql(
                        "update stripe_refund_attempt set saved_error = true where idempotency_key = :key")
                .param("key", idempotencyKey)
                .update());
    }

    private Optional<Attempt> read(String idempotencyKey) {
        return jdbc.sql("select * from stripe_refund_attempt where idempotency_key = :key")
                .param("key", idempotencyKey)
                .query(RefundAttempts::attempt)
                .optional();
    }

    private static Attempt attempt(ResultSet row, int number) throws SQLException {
        return new Attempt(
                new RefundOrder(
                        row.getString("idempotency_key"),
                        row.getString("charge_id"),
                        new Money(row.getBigDecimal("amount"), row.getString("currency"))),
                Objects.requireNonNull(row.getObject("first_sent_at", OffsetDateTime.class))
                        .toInstant(),
                row.getBoolean("saved_error"));
    }

    /** @param savedError whether Stripe has saved an error as its answer */
    record Attempt(RefundOrder order, Instant firstSentAt, boolean savedError) {}
}
