package io.opsrelay.action.account;

import io.opsrelay.action.account.AccountProperties.Http;
import io.opsrelay.action.account.AccountProperties.Keycloak;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.outbound.GuardedHttp;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The account systems of all clients. */
@Component
class Accounts {

    private final Map<String, AccountProvider> providers = new HashMap<>();

    Accounts(
            AccountProperties properties,
            GuardedHttp http,
            ClientTransactions transactions,
            JdbcClient jdbc,
            Ids ids,
            Clock clock) {
        properties
                .sandboxClients()
                .forEach(client -> providers.put(client, new SandboxAccounts(client, transactions, jdbc)));
        properties.clients().forEach((client, where) -> {
            Keycloak keycloak = where.keycloak();
            providers.put(
                    client,
                    keycloak == null
                            ? signed(Objects.requireNonNull(where.http()), http, ids, clock)
                            : new KeycloakAccounts(
                                    keycloak,
                                    new RemoteSystem(
                                            KeycloakAccounts.NAME,
                                            http,
                                            keycloak.timeout(),
                                            keycloak.allowPrivate(),
                                            clock),
                                    clock));
        });
    }

    private static AccountProvider signed(Http settings, GuardedHttp http, Ids ids, Clock clock) {
        return new SignedAccounts(
                settings,
                new RemoteSystem(SignedAccounts.NAME, http, settings.timeout(), settings.allowPrivate(), clock),
                ids,
                clock);
    }

    /** The client's, if it has one. */
    Optional<AccountProvider> of(String clientId) {
        return Optional.ofNullable(providers.get(clientId));
    }

    /** Names of all that are configured. */
    List<String> names() {
        return providers.values().stream()
                .map(AccountProvider::name)
                .distinct()
                .sorted()
                .toList();
    }
}
