package io.opsrelay.security.tenant;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs work in a transaction of one client: PostgreSQL's row-level security then shows that client's rows and no
 * others. Without it a service sees no row at all.
 */
public final class ClientTransactions {

    private final TransactionTemplate writing;
    private final TransactionTemplate reading;
    private final JdbcTemplate jdbc;

    /** Uses transactions of {@code manager} on the database of {@code jdbc}. */
    public ClientTransactions(PlatformTransactionManager manager, JdbcTemplate jdbc) {
        this.writing = new TransactionTemplate(manager);
        this.reading = new TransactionTemplate(manager);
        this.reading.setReadOnly(true);
        this.jdbc = jdbc;
    }

    /** Runs {@code work} in a transaction of that client, joining one that is under way. */
    public void run(String clientId, Runnable work) {
        writing.executeWithoutResult(status -> {
            enter(clientId);
            work.run();
        });
    }

    /** Like {@link #run}, with a result. */
    @SuppressWarnings("NullAway") // TransactionTemplate hands through whatever the supplier returns.
    public <T extends @Nullable Object> T call(String clientId, Supplier<T> work) {
        return writing.execute(status -> {
            enter(clientId);
            return work.get();
        });
    }

    /** Like {@link #call}, in a transaction that cannot write. */
    @SuppressWarnings("NullAway") // as in call
    public <T extends @Nullable Object> T read(String clientId, Supplier<T> work) {
        return reading.execute(status -> {
            enter(clientId);
            return work.get();
        });
    }

    private void enter(String clientId) {
        if (!ClientId.isValid(clientId)) {
            throw new IllegalArgumentException("not a client id: " + clientId);
        }
        jdbc.queryForObject("select set_config('app.client_id', ?, true)", String.class, clientId);
    }
}
