package io.opsrelay.approval.stop;

import io.opsrelay.approval.notification.Notice;
import io.opsrelay.approval.notification.Notifications;
import io.opsrelay.contracts.ClientEvent.BreakerOpened;
import io.opsrelay.contracts.ClientEvent.KillSwitchTurned;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.tenant.ClientTransactions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells those outside that actions are stopped, in the transaction that applies the news. It concerns everybody. */
@Component
public class Stops {

    private final Notifications notifications;
    private final ClientTransactions transactions;
    private final JdbcClient jdbc;
    private final Ids ids;

    Stops(Notifications notifications, ClientTransactions transactions, JdbcClient jdbc, Ids ids) {
        this.notifications = notifications;
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.ids = ids;
    }

    /** Somebody turned a kill switch. What operators turned is told to each client that gets notices. */
    public void turned(String clientId, KillSwitchTurned turned) {
        if (!clientId.equals(KillSwitchTurned.OPERATORS)) {
            tell(clientId, turned);
            return;
        }
        // All in the one transaction that remembers the event, which goes on in the name it began in.
        clients().forEach(client -> transactions.run(client, () -> tell(client, turned)));
        transactions.run(clientId, () -> {});
    }

    private void tell(String clientId, KillSwitchTurned turned) {
        notifications.tell(
                clientId,
                new Notice(
                        turned.on() ? "kill_switch.on" : "kill_switch.off",
                        ids.next(),
                        null,
                        Map.of(
                                "of_all",
                                turned.ofAll(),
                                "changed_by",
                                turned.by(),
                                "reason",
                                turned.reason(),
                                "at",
                                turned.at().toString()),
                        Set.of()));
    }

    /** Actions on a target have failed too often. */
    public void opened(String clientId, BreakerOpened opened) {
        notifications.tell(
                clientId,
                new Notice(
                        "breaker.opened",
                        ids.next(),
                        null,
                        Map.of(
                                "target",
                                opened.target(),
                                "failures",
                                opened.failures(),
                                "open_until",
                                opened.openUntil().toString(),
                                "rule",
                                opened.rule()),
                        Set.of()));
    }

    private List<String> clients() {
        return jdbc.sql("select client_id from told_client order by client_id")
                .query(String.class)
                .list();
    }
}
