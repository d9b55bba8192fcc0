package io.opsrelay.gateway.issuer;

import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
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
     * @param client the client (tenant); absent for operators only
     * @param roles names as in tokens
     * @param passwordHash as Spring Security writes them, e.g. <code>{bcrypt}$2a$10$...</code>
     */
    record User(String username, @Nullable String client, List<String> roles, String passwordHash) {

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
            if (client == null || client.isBlank()) {
                client = null;
                if (!roles.equals(List.of(Role.OPERATOR.wireName()))) {
                    throw new IllegalArgumentException(where + "has no client, which only an operator may");
                }
            } else if (!ClientId.isValid(client)) {
                throw new IllegalArgumentException(where + "has no valid client: " + client);
            }
            if (passwordHash == null || !passwordHash.startsWith("{")) {
                throw new IllegalArgumentException(where + "has no password-hash like {bcrypt}...");
            }
        }

        /** Without the hash, which no log needs. */
        @Override
        public String toString() {
            return "User[" + username + ", " + client + ", " + roles + "]";
        }
    }
}
