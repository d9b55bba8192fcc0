package io.opsrelay.gateway.issuer;

import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The standalone issuer.
 *
 * @param key file with the private signing key, a JWK; without it nobody is signed in here
 * @param lifetime how long a token is good
 * @param users who may sign in
 * @param failures how many failed sign-ins of one user from one address are answered within {@code window}
 * @param failuresPerAddress how many of one address, whoever it claims to be
 * @param window after which a failure is forgotten
 */
@ConfigurationProperties("opsrelay.issuer")
record IssuerProperties(
        @Nullable Path key,
        @DefaultValue("15m") Duration lifetime,
        @DefaultValue List<User> users,
        @DefaultValue("5") int failures,
        @DefaultValue("50") int failuresPerAddress,
        @DefaultValue("1m") Duration window) {

    IssuerProperties {
        key = key == null || key.toString().isBlank() ? null : key;
        users = List.copyOf(users);
        if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("opsrelay.issuer.lifetime must be positive and at most a day");
        }
        if (failures < 1 || failuresPerAddress < 1 || window.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "opsrelay.issuer.failures, failures-per-address and window (in seconds) must be at least 1");
        }
        Set<String> names = new HashSet<>();
        for (User user : users) {
            if (!names.add(user.username())) {
                throw new IllegalArgumentException("opsrelay.issuer.users: " + user.username() + " stands there twice");
            }
        }
    }

    /**
     * Somebody who may sign in.
     *
     * @param username the token's subject
     * @param name how the person is called; absent where that is not known
     * @param client the client (tenant) whose token a sign-in gives unless it names another one; absent for operators only
     * @param clients all clients that the person may choose from, if there are several; {@code client} is the first of
     *     them where it is not set
     * @param roles names as in tokens
     * @param passwordHash as Spring Security writes them, e.g. <code>{bcrypt}$2a$10$...</code>
     */
    record User(
            String username,
            @Nullable String name,
            @Nullable String client,
            @DefaultValue List<String> clients,
            List<String> roles,
            String passwordHash) {

        User {
            if (username == null || username.isBlank()) {
                throw new IllegalArgumentException("opsrelay.issuer.users: a username is missing");
            }
            String where = "opsrelay.issuer.users: " + username + " ";
            if (roles == null || roles.isEmpty()) {
                throw new IllegalArgumentException(where + "has no roles");
            }
            roles = List.copyOf(roles);
            for (String role : roles) {
                if (Role.named(role).isEmpty()) {
                    throw new IllegalArgumentException(where + "has the unknown role " + role);
                }
            }
            name = name == null || name.isBlank() ? null : name;
            client = client == null || client.isBlank() ? null : client;
            clients = clientsOf(client, clients == null ? List.of() : clients);
            client = clients.isEmpty() ? null : clients.getFirst();
            if (client == null) {
                if (!roles.equals(List.of(Role.OPERATOR.wireName()))) {
                    throw new IllegalArgumentException(where + "has no client, which only an operator may");
                }
            }
            for (String one : clients) {
                if (!ClientId.isValid(one)) {
                    throw new IllegalArgumentException(where + "has no valid client: " + one);
                }
            }
            if (passwordHash == null || !passwordHash.startsWith("{")) {
                throw new IllegalArgumentException(where + "has no password-hash like {bcrypt}...");
            }
        }

        /** The usual one first, each once. */
        private static List<String> clientsOf(@Nullable String usual, List<String> others) {
            LinkedHashSet<String> all = new LinkedHashSet<>();
            if (usual != null) {
                all.add(usual);
            }
            all.addAll(others);
            return List.copyOf(all);
        }

        /** Without the hash, which no log needs. */
        @Override
        public String toString() {
            return "User[" + username + ", " + clients + ", " + roles + "]";
        }
    }
}
