package io.opsrelay.action.remote;

import io.opsrelay.security.tenant.ClientTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Calls, written down before they are made. Each change commits by itself. */
@Component
class RemoteCallStore {

    private final ClientTransactions transactions;
    private final JdbcClient jdbc;
    private final Clock clock;

    RemoteCallStore(ClientTransactions transactions, JdbcClient jdbc, Clock clock) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A call is about to be made; the mark of the first one stays. */
    void begin(String clientId, String idempotencyKey, String mark) {
        transactions.run(clientId, () -> jdbc.sql("""
                        insert into remote_call (client_id, idempotency_key, mark, called_at)
                        values (:client, :key, :mark, :at)
                        on conflict (client_id, idempotency_key) do update set called_at = excluded.called_at
                        """)
                .param("client", clientId)
                .param("key", idempotencyKey)
                .param("mark", mark)
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .update());
    }

    /** The system has said for certain that it did nothing. */
    void forget(String clientId, String idempotencyKey) {
        transactions.run(clientId, () -> jdbc.sql("""
                        delete from remote_call where client_id = :client and idempotency_key = :key
                        """)
                .param("client", clientId)
                .param("key", idempotencyKey)
                .update());
    }

    /** The calls with that key, if any was made. */
    Optional<Call> find(String clientId, String idempotencyKey) {
        return transactions.read(clientId, () -> jdbc.sql("""
                        select mark, called_at from remote_call where client_id = :client and idempotency_key = :key
                        """)
                .param("client", clientId)
                .param("key", idempotencyKey)
                .query(RemoteCallStore::call)
                .optional());
    }

    /** Whether what left no trace until now may still leave one. */
    boolean tooEarly(Call call, Duration settle) {
        return clock.instant().isBefore(call.at().plus(settle));
    }

    private static Call call(ResultSet row, int number) throws SQLException {
        return new Call(
                row.getString("mark"),
                row.getObject("called_at", OffsetDateTime.class).toInstant());
    }

    /**
     * Calls that were made, or were about to be.
     *
     * @param mark what the system showed before the first
     * @param at when the last began
     */
    record Call(String mark, Instant at) {}
}
