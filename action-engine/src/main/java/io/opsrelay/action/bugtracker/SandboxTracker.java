package io.opsrelay.action.bugtracker;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tracker of a client that tries OpsRelay out: reports in PostgreSQL, each with a number. */
final class SandboxTracker implements BugTracker {

    static final String NAME = "sandbox";

    private final String clientId;
    private final ClientTransactions transactions;
    private final JdbcClient jdbc;

    SandboxTracker(String clientId, ClientTransactions transactions, JdbcClient jdbc) {
        this.clientId = clientId;
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String place() {
        return clientId;
    }

    @Override
    public String mark() {
        return "";
    }

    @Override
    public Answer file(String idempotencyKey, BugReport report) {
        return transactions.call(clientId, () -> {
            jdbc.sql("""
                            insert into sandbox_bug_report (client_id, idempotency_key, title, description, priority)
                            values (:client, :key, :title, :description, :priority)
                            on conflict do nothing
                            """)
                    .param("client", clientId)
                    .param("key", idempotencyKey)
                    .param("title", report.title())
                    .param("description", report.description())
                    .param("priority", report.priority())
                    .update();
            return filed(idempotencyKey).orElseThrow();
        });
    }

    @Override
    public Optional<Answer> find(String idempotencyKey, String mark) {
        return transactions.read(clientId, () -> filed(idempotencyKey));
    }

    private Optional<Answer> filed(String idempotencyKey) {
        return jdbc.sql("select number from sandbox_bug_report where idempotency_key = :key")
                .param("key", idempotencyKey)
                .query(Long.class)
                .optional()
                .map(number -> new Answer.Done(Map.of("reference", "SANDBOX-" + number)));
    }

    @Override
    public Duration settle() {
        return Duration.ZERO;
    }
}
