package io.opsrelay.security;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as the verified token says. Handlers take it as a parameter.
 *
 * @param clientIdOrNull the client (tenant); absent for operators, who belong to none
 * @param user the token's subject, e.g. {@code approver@acme.example}
 * @param roles never empty
 * @param expiresAt when the token ends
 */
public record Caller(@Nullable String clientIdOrNull, String user, Set<Role> roles, Instant expiresAt) {

    public Caller {
        roles = Set.copyOf(roles);
        if (roles.isEmpty()) {
            throw new IllegalArgumentException("a caller has at least one role");
        }
        if (clientIdOrNull == null && !roles.contains(Role.OPERATOR)) {
            throw new IllegalArgumentException("only operators have no client");
        }
    }

    /**
     * The client whose data the caller may touch.
     *
     * @throws NoClientException for an operator
     */
    public String clientId() {
        if (clientIdOrNull == null) {
            throw new NoClientException();
        }
        return clientIdOrNull;
    }

    /** Whether the caller has one of these roles. */
    public boolean hasAny(Role... wanted) {
        for (Role role : wanted) {
            if (roles.contains(role)) {
                return true;
            }
        }
        return false;
    }

    /** The caller as requester or approver of something: {@code user:<name>}. */
    public String asActor() {
        return "user:" + user;
    }
}
