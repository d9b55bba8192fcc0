package io.opsrelay.gateway.session;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a cookie says, sealed.
 *
 * @param family the sign-in that it comes from: all cookies that were made of its first one
 * @param id of this cookie, which is good once
 * @param user who signed in
 * @param client the client that the user looks at; absent for operators
 * @param begun when the password was given, in seconds since 1970
 * @param renewed when this cookie was made, in seconds since 1970
 * @param providerToken the OIDC issuer's refresh token; absent where the gateway issues tokens
 */
public record Session(
        String family,
        String id,
        String user,
        @Nullable String client,
        long begun,
        long renewed,
        @Nullable String providerToken) {

    Instant begunAt() {
        return Instant.ofEpochSecond(begun);
    }

    Instant renewedAt() {
        return Instant.ofEpochSecond(renewed);
    }

    /** Without the issuer's token. */
    @Override
    public String toString() {
        return "Session[" + family + ", " + id + ", " + user + ", " + client + "]";
    }
}
