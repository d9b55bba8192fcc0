package io.opsrelay.action.account;

import io.opsrelay.action.account.AccountProperties.Keycloak;
import io.opsrelay.action.remote.Addresses;
import io.opsrelay.action.remote.NoReplyException;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.action.remote.Reply;
import io.opsrelay.action.remote.SecretFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A token of the service account, by client credentials; fetched when it is needed and kept until shortly before its end. */
final class AdminToken {

    private static final Duration BEFORE_ITS_END = Duration.ofSeconds(10);
    private static final long USUAL_SECONDS = 60;

    private final Keycloak settings;
    private final RemoteSystem system;
    private final Clock clock;
    private final URI endpoint;
    private @Nullable String token;
    private Instant until = Instant.MIN;

    AdminToken(Keycloak settings, RemoteSystem system, Clock clock) {
        this.settings = settings;
        this.system = system;
        this.clock = clock;
        this.endpoint = URI.create(settings.url().replaceAll("/+$", "") + "/realms/"
                + Addresses.encoded(settings.realm()) + "/protocol/openid-connect/token");
    }

    /** @throws NoReplyException if there is none to be had; then nothing else was sent */
    synchronized String get() {
        String known = token;
        if (known != null && clock.instant().isBefore(until)) {
            return known;
        }
        Reply reply;
        try {
            reply = system.send(
                    "POST", endpoint, Map.of("Content-Type", "application/x-www-form-urlencoded"), credentials());
        } catch (NoReplyException e) {
            // What was to be done with the token was not even begun.
            throw new NoReplyException(e.reason(), false, e);
        }
        String fresh = reply.done() && reply.body().path("access_token").isString()
                ? reply.body().path("access_token").asString()
                : null;
        if (fresh == null) {
            throw new NoReplyException(
                    system.name() + " gave us no token (" + reply.status() + ")", false, new IllegalStateException());
        }
        long seconds = reply.body().path("expires_in").asLong(USUAL_SECONDS);
        until = clock.instant().plusSeconds(seconds).minus(BEFORE_ITS_END);
        token = fresh;
        return fresh;
    }

    /** It is not accepted any more. */
    synchronized void drop(String refused) {
        if (refused.equals(token)) {
            token = null;
        }
    }

    private byte[] credentials() {
        return ("grant_type=client_credentials&client_id=" + Addresses.encoded(settings.clientId()) + "&client_secret="
                        + Addresses.encoded(new SecretFile(settings.clientSecretFile()).read()))
                .getBytes(StandardCharsets.UTF_8);
    }
}
