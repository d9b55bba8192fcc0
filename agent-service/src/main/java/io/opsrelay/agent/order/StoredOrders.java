package io.opsrelay.agent.order;

import io.opsrelay.security.tenant.ClientTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The orders that clients have loaded. */
@Component
class StoredOrders implements OrderSystem {

    private final JdbcClient jdbc;
    private final ClientTransactions transactions;

    StoredOrders(JdbcClient jdbc, ClientTransactions transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    @Override
    public Optional<Order> find(String clientId, String orderId) {
        return transactions.read(clientId, () -> jdbc.sql("select * from customer_order where order_id = :order")
                .param("order", orderId)
                .query((row, n) -> read(row))
                .optional());
    }

    /** Adds them, or replaces those of the same id; all or none. */
    void put(String clientId, List<Order> orders, Instant at) {
        transactions.run(
                clientId,
                () -> orders.forEach(order -> jdbc.sql("""
                        insert into customer_order (client_id, order_id, customer_email, status, total, currency, items,
                            tracking, placed_at, expected_at, updated_at)
                        values (:client, :order, :email, :status, :total, :currency, :items, :tracking, :placed, :expected, :at)
                        on conflict (client_id, order_id) do update set customer_email = excluded.customer_email,
                            status = excluded.status, total = excluded.total, currency = excluded.currency,
                            items = excluded.items, tracking = excluded.tracking, placed_at = excluded.placed_at,
                            expected_at = excluded.expected_at, updated_at = excluded.updated_at""")
                        .param("client", clientId)
                        .param("order", order.orderId())
                        .param("email", order.customerEmail())
                        .param("status", order.status())
                        .param("total", order.total())
                        .param("currency", order.currency())
                        .param("items", order.items())
                        .param("tracking", order.tracking())
                        .param("placed", time(order.placedAt()))
                        .param("expected", time(order.expectedAt()))
                        .param("at", time(at))
                        .update()));
    }

    boolean remove(String clientId, String orderId) {
        return transactions.call(clientId, () -> jdbc.sql("delete from customer_order where order_id = :order")
                        .param("order", orderId)
                        .update())
                == 1;
    }

    private static Order read(ResultSet row) throws SQLException {
        return new Order(
                row.getString("order_id"),
                row.getString("customer_email"),
                row.getString("status"),
                row.getBigDecimal("total"),
                row.getString("currency"),
                row.getString("items"),
                row.getString("tracking"),
                instant(row.getObject("placed_at", OffsetDateTime.class)),
                instant(row.getObject("expected_at", OffsetDateTime.class)));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
