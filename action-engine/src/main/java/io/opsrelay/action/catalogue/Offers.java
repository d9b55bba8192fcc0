package io.opsrelay.action.catalogue;

import io.opsrelay.contracts.ClientEvent.ActionsOffered;
import io.opsrelay.contracts.ClientEvent.KillSwitchTurned;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * Tells others which actions somebody would carry out for a client, so that nobody proposes what can only fail. That changes
 * with the configuration alone, so it is told when this process first hears of the client; and again each hour, for whoever
 * could not read it then. Thread-safe.
 */
@Component
public class Offers {

    private static final Duration AGAIN_AFTER = Duration.ofHours(1);

    private final Catalogue catalogue;
    private final Outbox outbox;
    private final ClientTransactions transactions;
    private final Clock clock;
    private final Map<String, Instant> told = new ConcurrentHashMap<>();

    Offers(Catalogue catalogue, Outbox outbox, ClientTransactions transactions, Clock clock) {
        this.catalogue = catalogue;
        this.outbox = outbox;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Something was heard of that client. Outside any transaction. */
    public void meet(String clientId) {
        Instant now = clock.instant();
        if (clientId.equals(KillSwitchTurned.OPERATORS)) {
            return; // no client
        }
        Instant last = told.get(clientId);
        if (last == null || last.plus(AGAIN_AFTER).isBefore(now)) {
            transactions.run(clientId, () -> outbox.publish(clientId, new ActionsOffered(catalogue.offered(clientId))));
            told.put(clientId, now);
        }
    }
}
