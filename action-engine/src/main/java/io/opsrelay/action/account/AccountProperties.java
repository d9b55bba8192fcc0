package io.opsrelay.action.account;

import static io.opsrelay.action.remote.Settings.unless;

import io.opsrelay.action.remote.Settings;
import io.opsrelay.security.tenant.ClientId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the accounts of clients' customers are.
 *
 * @param clients by client; a client that is not here has no password resets
 * @param sandboxClients who try OpsRelay out and have the sandbox instead, as far as they are not among the others
 */
@ConfigurationProperties(value = "opsrelay.accounts", ignoreUnknownFields = false)
record AccountProperties(
        @DefaultValue Map<String, Where> clients,
        @DefaultValue Set<String> sandboxClients) {

    AccountProperties {
        clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
        sandboxClients = Set.copyOf(sandboxClients);
        sandboxClients.forEach(client -> unless(
                ClientId.isValid(client), "opsrelay.accounts.sandbox-clients", "has what is no client id: " + client));
        clients.forEach((client, where) -> where.check("opsrelay.accounts.clients." + client));
    }

    /** One of the two. */
    record Where(@Nullable Keycloak keycloak, @Nullable Http http) {

        private void check(String property) {
            unless((keycloak == null) != (http == null), property, "needs keycloak or http, and not both");
            if (keycloak != null) {
                keycloak.check(property + ".keycloak");
            }
            if (http != null) {
                http.check(property + ".http");
            }
        }
    }

    /**
     * A realm of Keycloak.
     *
     * @param url of the server, with {@code /auth} where it has that
     * @param clientId with a service account that may view and manage users and view events
     * @param requireVerifiedEmail whether an account counts only where the realm has verified its address
     * @param linkLifespan how long the link can be used
     * @param redirectClient client of the realm to whose {@code redirectUri} the customer is led afterwards
     * @param settle how long after a call that broke off its event may still be written
     */
    record Keycloak(
            String url,
            String realm,
            String clientId,
            Path clientSecretFile,
            @DefaultValue("true") boolean requireVerifiedEmail,
            @DefaultValue("12h") Duration linkLifespan,
            @Nullable String redirectClient,
            @Nullable String redirectUri,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("2m") Duration settle,
            @DefaultValue("false") boolean allowPrivate,
            @DefaultValue("false") boolean allowHttp) {

        private void check(String property) {
            Settings.unlessUrl(url, allowHttp, Set.of(), property + ".url");
            unless(realm != null && !realm.isBlank(), property + ".realm", "is missing");
            unless(clientId != null && !clientId.isBlank(), property + ".client-id", "is missing");
            Settings.unlessSecret(clientSecretFile, property + ".client-secret-file");
            unless(linkLifespan.toSeconds() > 0, property + ".link-lifespan", "must be a second or more");
            unless(
                    redirectUri == null || redirectClient != null,
                    property + ".redirect-client",
                    "is missing, and a redirect-uri needs it");
            Settings.unlessTimeout(timeout, property + ".timeout");
            unless(!settle.isNegative(), property + ".settle", "must not be negative");
        }
    }

    /**
     * A system that speaks signed JSON.
     *
     * @param lookupUrl asked by POST for the account of an address; 404 if there is none
     * @param resetUrl asked by POST to send the link
     * @param statusUrl asked by GET what came of a reset, with {@code {key}}; 404 if nothing did
     * @param secretFile with which requests are signed
     * @param fields what it calls {@code email}, {@code account_id} and {@code key}
     * @param accountId JSON pointer of the account's id in the answer to a look-up
     * @param address JSON pointer of the account's address there
     * @param reference JSON pointer of the reset's id in the other answers
     */
    record Http(
            String lookupUrl,
            String resetUrl,
            String statusUrl,
            Path secretFile,
            @DefaultValue Map<String, String> fields,
            @DefaultValue("/account_id") String accountId,
            @DefaultValue("/email") String address,
            @DefaultValue("/id") String reference,
            @DefaultValue("10s") Duration timeout,
            @DefaultValue("false") boolean allowPrivate,
            @DefaultValue("false") boolean allowHttp) {

        private static final Set<String> OURS = Set.of("email", "account_id", "key");

        Http {
            fields = Map.copyOf(fields);
        }

        private void check(String property) {
            Settings.unlessUrl(lookupUrl, allowHttp, Set.of(), property + ".lookup-url");
            Settings.unlessUrl(resetUrl, allowHttp, Set.of(), property + ".reset-url");
            Settings.unlessUrl(statusUrl, allowHttp, Set.of("key"), property + ".status-url");
            unless(statusUrl.contains("{key}"), property + ".status-url", "must have {key}");
            Settings.unlessSecret(secretFile, property + ".secret-file");
            fields.keySet()
                    .forEach(name -> unless(
                            OURS.contains(name), property + ".fields." + name, "is not one of email, account_id, key"));
            Settings.unlessPointer(accountId, property + ".account-id");
            Settings.unlessPointer(address, property + ".address");
            Settings.unlessPointer(reference, property + ".reference");
            Settings.unlessTimeout(timeout, property + ".timeout");
        }

        /** What it calls a field of ours. */
        String field(String name) {
            return fields.getOrDefault(name, name);
        }
    }
}
