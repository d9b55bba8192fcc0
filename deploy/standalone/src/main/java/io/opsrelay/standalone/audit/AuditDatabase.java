package io.opsrelay.standalone.audit;

import io.opsrelay.contracts.audit.SealedEntry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The audit tables of all services, read past row security, as they stood at one moment. */
final class AuditDatabase implements AutoCloseable {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int ROWS_AT_ONCE = 500;

    private final Connection connection;

    private AuditDatabase(Connection connection) {
        this.connection = connection;
    }

    static AuditDatabase open(String url, String user, String password) throws SQLException {
        Connection connection = DriverManager.getConnection(url, user, password);
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return new AuditDatabase(connection);
    }

    /** Whether the service keeps an audit log. */
    boolean has(String schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select to_regclass(?) is not null")) {
            statement.setString(1, schema + ".audit_entry");
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    List<String> clients(String schema) throws SQLException {
        String sql = """
                select client_id from %1$s.audit_head union select client_id from %1$s.audit_entry
                union select client_id from %1$s.audit_waiting order by 1""".formatted(schema);
        List<String> clients = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                clients.add(row.getString(1));
            }
        }
        return clients;
    }

    /** Hands all entries of a chain on, in their order; those of a time only from its first to its last. */
    void entries(
            String schema, String client, Optional<Instant> from, Optional<Instant> to, Consumer<SealedEntry> reader)
            throws SQLException {
        String sql = """
                select seq, previous, entry, hash from %1$s.audit_entry where client_id = ?
                and seq >= coalesce((select min(seq) from %1$s.audit_entry where client_id = ? and at >= ?), %2$d)
                and seq <= coalesce((select max(seq) from %1$s.audit_entry where client_id = ? and at < ?), 0)
                order by seq""".formatted(schema, Long.MAX_VALUE);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(ROWS_AT_ONCE);
            statement.setString(1, client);
            statement.setString(2, client);
            // Every time sorts between the empty text and a tilde.
            statement.setString(3, from.map(TIME::format).orElse(""));
            statement.setString(4, client);
            statement.setString(5, to.map(TIME::format).orElse("~"));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    reader.accept(
                            new SealedEntry(row.getLong(1), row.getString(2), row.getString(3), row.getString(4)));
                }
            }
        }
    }

    /** Tells where the database itself says that the chain ends; answers whether it says anything. */
    boolean head(String schema, String client, BiConsumer<Long, String> reader) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select seq, hash from %s.audit_head where client_id = ?".formatted(schema))) {
            statement.setString(1, client);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    reader.accept(row.getLong(1), row.getString(2));
                    return true;
                }
                return false;
            }
        }
    }

    /** The first entry that is filed under something else than its text says; 0 where there is none. */
    long misfiled(String schema, String client) throws SQLException {
        String sql = """
                select coalesce(min(seq), 0) from %s.audit_entry e, lateral (select e.entry::jsonb as fields) as text
                where client_id = ? and (at, actor, action, subject_id, coalesce(ticket_id, ''))
                    is distinct from (coalesce(fields ->> 'at', ''), coalesce(fields ->> 'actor', ''),
                        coalesce(fields ->> 'action', ''), coalesce(fields ->> 'subject_id', ''),
                        coalesce(fields ->> 'ticket_id', ''))""".formatted(schema);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, client);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    /** How many entries are not sealed yet. */
    long waiting(String schema, String client) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select count(*) from %s.audit_waiting where client_id = ?".formatted(schema))) {
            statement.setString(1, client);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
