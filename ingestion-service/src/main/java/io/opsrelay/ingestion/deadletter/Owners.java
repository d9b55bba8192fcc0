package io.opsrelay.ingestion.deadletter;

import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Whose letters somebody may see: an admin those of the client, an operator those of nobody. */
@Component
class Owners {

    /** Owns what nobody knows the client of; not a name that a client can have. */
    static final String NOBODY = "~";

    private final ClientTransactions transactions;
    private final TransactionTemplate nobodys;
    private final JdbcClient jdbc;

    Owners(ClientTransactions transactions, PlatformTransactionManager manager, JdbcClient jdbc) {
        this.transactions = transactions;
        this.nobodys = new TransactionTemplate(manager);
        this.jdbc = jdbc;
    }

    /** @throws ProblemException 403 if the caller may see none */
    static String of(Caller caller) {
        String clientId = caller.clientIdOrNull();
        if (clientId == null) {
            return NOBODY;
        }
        if (!caller.hasAny(Role.ADMIN)) {
            throw ProblemException.forbidden("a client's dead letters are its admins'");
        }
        return clientId;
    }

    /** Runs {@code work} in a transaction that sees that owner's letters and no others. */
    @SuppressWarnings("NullAway") // TransactionTemplate hands through whatever the supplier returns.
    <T extends @Nullable Object> T call(String owner, Supplier<T> work) {
        if (!owner.equals(NOBODY)) {
            return transactions.call(owner, work);
        }
        return nobodys.execute(status -> {
            jdbc.sql("select set_config('app.client_id', ?, true)")
                    .param(NOBODY)
                    .query(String.class)
                    .single();
            return work.get();
        });
    }

    /** Like {@link #call}, without a result. */
    void run(String owner, Runnable work) {
        this.<@Nullable Object>call(owner, () -> {
            work.run();
            return null;
        });
    }
}
