package io.opsrelay.ingestion.customer;

import io.opsrelay.security.tenant.ClientTransactions;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** What other parts of the service ask about customers. */
@Component
public class Customers {

    private final ClientTransactions transactions;
    private final CustomerStore store;

    Customers(ClientTransactions transactions, CustomerStore store) {
        this.transactions = transactions;
        this.store = store;
    }

    /**
     * Whether the person behind an address is blocked, whichever of the person's addresses it is. An address that nobody
     * wrote from is not. Joins a transaction of that client.
     */
    public boolean isBlocked(String clientId, String email) {
        return transactions.call(clientId, () -> store.isBlocked(email.toLowerCase(Locale.ROOT)));
    }
}
