package io.opsrelay.action.account;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.security.tenant.ClientTransactions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The account system of a client that tries OpsRelay out: every address has an account, and of a reset it is written down in
 * PostgreSQL that it was asked for. No link is sent: whoever wants one configures a system of accounts.
 */
final class SandboxAccounts implements AccountProvider {

    static final String NAME = "sandbox";

    private final String clientId;
    private final ClientTransactions transactions;
    private final JdbcClient jdbc;

    SandboxAccounts(String clientId, ClientTransactions transactions, JdbcClient jdbc) {
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
    public Optional<Account> find(String email) {
        String address = email.strip();
        byte[] owner = (clientId + "/" + address.toLowerCase(Locale.ROOT)).getBytes(StandardCharsets.UTF_8);
        return Optional.of(new Account("acct_" + UUID.nameUUIDFromBytes(owner), address));
    }

    @Override
    public String mark(Account account) {
        return "";
    }

    @Override
    public Answer reset(String idempotencyKey, Account account) {
        return transactions.call(clientId, () -> {
            jdbc.sql("""
                            insert into sandbox_password_reset (client_id, idempotency_key, account_id)
                            values (:client, :key, :account)
                            on conflict do nothing
                            """)
                    .param("client", clientId)
                    .param("key", idempotencyKey)
                    .param("account", account.id())
                    .update();
            return done(idempotencyKey).orElseThrow();
        });
    }

    @Override
    public Optional<Answer> outcome(String idempotencyKey, Account account, String mark) {
        return transactions.read(clientId, () -> done(idempotencyKey));
    }

    private Optional<Answer> done(String idempotencyKey) {
        return jdbc.sql("select account_id, sent_at from sandbox_password_reset where idempotency_key = :key")
                .param("key", idempotencyKey)
                .query((row, number) -> (Answer) new Answer.Done(Map.of(
                        "account_id",
                        row.getString("account_id"),
                        "link_sent_at",
                        row.getObject("sent_at", OffsetDateTime.class)
                                .toInstant()
                                .toString(),
                        "note",
                        "sandbox: no e-mail was sent")))
                .optional();
    }

    @Override
    public Duration settle() {
        return Duration.ZERO;
    }
}
