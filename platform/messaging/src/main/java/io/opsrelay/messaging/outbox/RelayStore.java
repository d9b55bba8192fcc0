package io.opsrelay.messaging.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGNotification;
import org.postgresql.jdbc.PgConnection;

/** The relay's own statements, under its own role, each committed by itself. */
final class RelayStore {

    /** Of payloads read at once, beside the first row: a batch of large rows must fit into a small heap. */
    private static final long MOST_BYTES = 8L << 20;

    /** Of this service's schema alone. */
    private static final String CHANNEL = "'outbox ' || current_schema()";

    private final DataSource database;

    RelayStore(DataSource database) {
        this.database = database;
    }

    /** Takes or keeps the lease. False while another owner's has not run out. */
    boolean lease(String owner, Duration duration) throws SQLException {
        String sql = """
                update relay_lease
                set epoch = epoch + case when owner = ? then 0 else 1 end,
                    owner = ?, expires_at = clock_timestamp() + make_interval(secs => ?)
                where name = 'outbox' and (owner = ? or expires_at < clock_timestamp())""";
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, owner);
            statement.setString(2, owner);
            statement.setDouble(3, duration.toMillis() / 1000.0);
            statement.setString(4, owner);
            return statement.executeUpdate() == 1;
        }
    }

    /** Gives the lease back, so that another instance need not wait for its end. */
    void release(String owner) throws SQLException {
        String sql = "update relay_lease set owner = '', expires_at = '-infinity' where name = 'outbox' and owner = ?";
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, owner);
            statement.executeUpdate();
        }
    }

    /** Calls whoever {@link #listen}s of this service: rows have been committed. */
    void call() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("select pg_notify(" + CHANNEL + ", '')")) {
            statement.execute();
        }
    }

    /**
     * Waits for calls as long as {@code wanted}, on a connection of its own, and runs {@code called} once at the beginning, for those
     * that came before, and then for each few.
     *
     * @param atOnce longest wait between two looks at {@code wanted}
     */
    void listen(Runnable called, Duration atOnce, BooleanSupplier wanted) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("do $$ begin execute format('listen %I', " + CHANNEL + "); end $$");
            PgConnection calls = connection.unwrap(PgConnection.class);
            try {
                called.run();
                while (wanted.getAsBoolean()) {
                    PGNotification[] received = calls.getNotifications(Math.toIntExact(atOnce.toMillis()));
                    if (received != null && received.length > 0) {
                        called.run();
                    }
                }
            } finally {
                // Whoever stops this by an interrupt has closed the connection with it.
                if (!calls.isClosed()) {
                    statement.execute("unlisten *");
                }
            }
        }
    }

    /**
     * The oldest unsent rows, feed rows of a commit before its events, at most {@code limit} and some megabytes. Never
     * "behind the last id": ids commit out of order.
     */
    List<OutboxRow> unsent(int limit) throws SQLException {
        String sql = """
                select id, client_id, feed, topic, key, event_id, type, occurred_at, headers, payload
                from (select *, sum(octet_length(payload)) over (order by id rows unbounded preceding)
                                - octet_length(payload) as bytes_before
                      from outbox where refused is null order by id limit ?) as oldest
                where bytes_before < ? order by id""";
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, limit);
            statement.setLong(2, MOST_BYTES);
            try (ResultSet row = statement.executeQuery()) {
                List<OutboxRow> rows = new ArrayList<>();
                while (row.next()) {
                    rows.add(new OutboxRow(
                            row.getLong(1),
                            row.getString(2),
                            row.getBoolean(3),
                            row.getString(4),
                            row.getString(5),
                            row.getObject(6, UUID.class),
                            row.getString(7),
                            row.getObject(8, OffsetDateTime.class).toInstant(),
                            row.getString(9),
                            row.getBytes(10)));
                }
                return rows;
            }
        }
    }

    /** Forgets rows that Kafka has. */
    void remove(List<Long> ids) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("delete from outbox where id = any(?)")) {
            statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
            statement.executeUpdate();
        }
    }

    /** Sets a row aside that Kafka will never take. */
    void refuse(long id, @Nullable String reason) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("update outbox set refused = ? where id = ?")) {
            statement.setString(1, reason == null ? "no reason given" : reason);
            statement.setLong(2, id);
            statement.executeUpdate();
        }
    }
}
