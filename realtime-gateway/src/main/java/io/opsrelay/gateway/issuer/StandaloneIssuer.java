package io.opsrelay.gateway.issuer;

import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.gateway.issuer.IssuerProperties.User;
import io.opsrelay.security.token.TokenProperties;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** The issuer of this gateway, where no OIDC issuer gives tokens, and whom it knows. */
@Component
final class StandaloneIssuer {

    private final TokenProperties token;
    private final List<User> users;
    private final @Nullable Issuer issuer;

    StandaloneIssuer(IssuerProperties properties, TokenProperties token, Clock clock) {
        this.token = token;
        this.users = properties.users();
        this.issuer = token.issuerUri() == null && properties.key() != null
                ? new Issuer(properties.key(), token, properties.lifetime(), clock)
                : null;
    }

    boolean isHere() {
        return issuer != null;
    }

    /** @throws Refusal 404 if people are signed in elsewhere */
    void require() {
        if (issuer == null) {
            throw notHere();
        }
    }

    Refusal notHere() {
        return Refusal.of(
                HttpStatus.NOT_FOUND,
                token.issuerUri() == null
                        ? "this gateway signs nobody in: it has no signing key"
                        : "sign in at the issuer " + token.issuerUri());
    }

    /** Those who may sign in, in the order of the configuration. */
    List<User> users() {
        return users;
    }

    Optional<User> named(String username) {
        return users.stream().filter(user -> user.username().equals(username)).findFirst();
    }

    /**
     * The client that a token shall be for: the one asked for, or the one before, or the usual one.
     *
     * @throws Refusal 403 for one that is not the user's
     */
    @Nullable
    String clientOf(User user, @Nullable String asked, @Nullable String before) {
        if (asked != null) {
            if (!user.clients().contains(asked)) {
                throw Refusal.of(HttpStatus.FORBIDDEN, "client_id must be one of your own clients");
            }
            return asked;
        }
        return before != null && user.clients().contains(before) ? before : user.client();
    }

    /** @param client one of the user's own; absent for operators */
    Token tokenFor(User user, @Nullable String client) {
        Issuer signing = issuer;
        if (signing == null) {
            throw notHere();
        }
        return Token.bearer(signing.tokenFor(user, client), signing.lifetime().toSeconds(), user.clients());
    }
}
