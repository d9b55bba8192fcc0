package io.opsrelay.action.sandbox;

import io.opsrelay.security.tenant.ClientTransactions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Fills the empty ledgers of the demo clients, before the service counts as ready. */
@Component
class SandboxSeed implements ApplicationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxSeed.class);

    private final SandboxProperties properties;
    private final ClientTransactions transactions;
    private final LedgerStore store;

    SandboxSeed(SandboxProperties properties, ClientTransactions transactions, LedgerStore store) {
        this.properties = properties;
        this.transactions = transactions;
        this.store = store;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (String client : properties.demoClients()) {
            int added = transactions.call(client, () -> store.seed(client, DemoLedger.of(client)));
            if (added > 0) {
                LOG.info("The sandbox ledger of {} begins with {} demo charges", client, added);
            }
        }
    }
}
