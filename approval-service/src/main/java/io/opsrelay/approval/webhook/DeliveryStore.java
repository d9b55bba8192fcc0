package io.opsrelay.approval.webhook;

import static io.opsrelay.approval.webhook.EndpointStore.instant;
import static io.opsrelay.approval.webhook.EndpointStore.timestamp;
import static io.opsrelay.approval.webhook.EndpointStore.uuid;

import io.opsrelay.approval.webhook.Delivery.Status;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables {@code webhook_delivery} and {@code webhook_attempt}. Every call belongs into a transaction of the client. */
@Repository
class DeliveryStore {

    private static final int MOST_PRUNED = 1_000;

    private final JdbcClient jdbc;

    DeliveryStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(String clientId, Delivery delivery) {
        jdbc.sql("""
                        insert into webhook_delivery (client_id, delivery_id, endpoint_id, message_id, type, payload,
                            status, attempts, tries, created_at)
                        values (:client, :id, :endpoint, :message, :type, :payload, :status, :attempts, :tries,
                            :createdAt)""")
                .param("client", clientId)
                .param("id", delivery.deliveryId())
                .param("endpoint", delivery.endpointId())
                .param("message", delivery.messageId())
                .param("type", delivery.type())
                .param("payload", delivery.payload())
                .param("status", name(delivery.status()))
                .param("attempts", delivery.attempts())
                .param("tries", delivery.tries())
                .param("createdAt", timestamp(delivery.createdAt()))
                .update();
    }

    Optional<Delivery> find(UUID id) {
        return jdbc.sql("select * from webhook_delivery where delivery_id = :id")
                .param("id", id)
                .query(DeliveryStore::delivery)
                .optional();
    }

    /** Reads it and holds off everybody else until the transaction ends. */
    Optional<Delivery> lock(UUID id) {
        return jdbc.sql("select * from webhook_delivery where delivery_id = :id for update")
                .param("id", id)
                .query(DeliveryStore::delivery)
                .optional();
    }

    /** Writes an attempt down, and how its delivery stands after it. */
    void attempted(
            String clientId, Delivery before, Attempt attempt, Status status, @Nullable Instant nextAt, Instant at) {
        jdbc.sql("""
                        insert into webhook_attempt (client_id, delivery_id, attempt, at, status, error, duration_ms,
                            answer)
                        values (:client, :id, :attempt, :at, :status, :error, :duration, :answer)""")
                .param("client", clientId)
                .param("id", before.deliveryId())
                .param("attempt", before.attempts() + 1)
                .param("at", timestamp(attempt.at()))
                .param("status", attempt.status())
                .param("error", attempt.error())
                .param("duration", (int) attempt.took().toMillis())
                .param("answer", attempt.answer())
                .update();
        jdbc.sql("""
                        update webhook_delivery
                        set status = :status, attempts = attempts + 1, tries = tries + 1, next_at = :nextAt,
                            settled_at = :settledAt
                        where delivery_id = :id""")
                .param("id", before.deliveryId())
                .param("status", name(status))
                .param("nextAt", nextAt == null ? null : timestamp(nextAt))
                .param("settledAt", status == Status.PENDING ? null : timestamp(at))
                .update();
    }

    /** Its turn has come. */
    void due(UUID id) {
        jdbc.sql("update webhook_delivery set next_at = null where delivery_id = :id")
                .param("id", id)
                .update();
    }

    /** Begins it anew. */
    void again(UUID id) {
        jdbc.sql("""
                        update webhook_delivery
                        set status = 'pending', tries = 0, next_at = null, settled_at = null
                        where delivery_id = :id""").param("id", id).update();
    }

    /** The oldest that failed since then, locked. */
    List<Delivery> failed(UUID endpointId, Instant since, int most) {
        return jdbc.sql("""
                        select * from webhook_delivery
                        where endpoint_id = :endpoint and status = 'failed' and created_at >= :since
                        order by created_at, delivery_id limit :most for update""")
                .param("endpoint", endpointId)
                .param("since", timestamp(since))
                .param("most", most)
                .query(DeliveryStore::delivery)
                .list();
    }

    /** Newest first, one more than the page holds. */
    List<Delivery> list(UUID endpointId, Wanted wanted, PageRequest page) {
        Cursor after = page.after();
        return jdbc.sql("select * from webhook_delivery where endpoint_id = :endpoint"
                        + (wanted.status() == null ? "" : " and status = :status")
                        + (wanted.type() == null ? "" : " and type = :type")
                        + (wanted.from() == null ? "" : " and created_at >= :from")
                        + (wanted.to() == null ? "" : " and created_at < :to")
                        + (after == null ? "" : " and (created_at, delivery_id) < (:afterTime, :afterId)")
                        + " order by created_at desc, delivery_id desc limit :limit")
                .param("endpoint", endpointId)
                .param("status", wanted.status() == null ? null : name(wanted.status()))
                .param("type", wanted.type())
                .param("from", wanted.from() == null ? null : timestamp(wanted.from()))
                .param("to", wanted.to() == null ? null : timestamp(wanted.to()))
                .param("afterTime", after == null ? null : timestamp(after.createdAt()))
                .param("afterId", after == null ? null : after.id())
                .param("limit", page.limit() + 1)
                .query(DeliveryStore::delivery)
                .list();
    }

    /** By delivery, in order. */
    Map<UUID, List<Attempt>> attempts(List<UUID> deliveries) {
        Map<UUID, List<Attempt>> found = new HashMap<>();
        jdbc.sql("select * from webhook_attempt where delivery_id = any(:ids) order by delivery_id, attempt")
                .param("ids", deliveries.toArray(UUID[]::new))
                .query((ResultSet row) -> {
                    found.computeIfAbsent(uuid(row, "delivery_id"), id -> new ArrayList<>())
                            .add(attempt(row));
                });
        return found;
    }

    /**
     * Deletes what is older than that, some of it at a time; what is still on its way stays.
     *
     * @return whether more may be left
     */
    boolean prune(UUID endpointId, Instant before) {
        List<UUID> old = jdbc.sql("""
                        select delivery_id from webhook_delivery
                        where endpoint_id = :endpoint and created_at < :before and status <> 'pending'
                        limit :most for update skip locked""")
                .param("endpoint", endpointId)
                .param("before", timestamp(before))
                .param("most", MOST_PRUNED)
                .query((row, n) -> uuid(row, "delivery_id"))
                .list();
        UUID[] ids = old.toArray(UUID[]::new);
        jdbc.sql("delete from webhook_attempt where delivery_id = any(:ids)")
                .param("ids", ids)
                .update();
        jdbc.sql("delete from webhook_delivery where delivery_id = any(:ids)")
                .param("ids", ids)
                .update();
        return old.size() == MOST_PRUNED;
    }

    private static Delivery delivery(ResultSet row, int n) throws SQLException {
        return new Delivery(
                uuid(row, "delivery_id"),
                uuid(row, "endpoint_id"),
                uuid(row, "message_id"),
                row.getString("type"),
                row.getString("payload"),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getInt("attempts"),
                row.getInt("tries"),
                instant(row, "next_at"),
                Objects.requireNonNull(instant(row, "created_at")),
                instant(row, "settled_at"));
    }

    private static Attempt attempt(ResultSet row) throws SQLException {
        return new Attempt(
                Objects.requireNonNull(instant(row, "at")),
                row.getObject("status", Integer.class),
                row.getString("error"),
                Duration.ofMillis(row.getInt("duration_ms")),
                row.getString("answer"),
                null);
    }

    private static String name(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /** Which deliveries of an endpoint are asked for; null asks for all. */
    record Wanted(
            @Nullable Status status,
            @Nullable String type,
            @Nullable Instant from,
            @Nullable Instant to) {}
}
