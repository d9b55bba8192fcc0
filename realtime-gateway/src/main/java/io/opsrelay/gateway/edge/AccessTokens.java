package io.opsrelay.gateway.edge;

import io.opsrelay.security.Caller;
import io.opsrelay.security.token.TokenProperties;
import io.opsrelay.security.token.TokenVerifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Verifies access tokens without holding up an event loop. */
@Component
public final class AccessTokens {

    private final TokenVerifier verifier;
    private final boolean mayWait;

    AccessTokens(TokenVerifier verifier, TokenProperties properties) {
        this.verifier = verifier;
        this.mayWait = properties.issuerUri() != null;
    }

    /**
     * The caller whom the token speaks for. Fails with {@link io.opsrelay.security.token.InvalidTokenException} or
     * {@link io.opsrelay.security.token.IssuerUnreachableException}.
     */
    public Mono<Caller> verify(String token) {
        Mono<Caller> caller = Mono.fromCallable(() -> verifier.verify(token));
        // Keys from a file are in memory; those of an OIDC issuer may have to be fetched.
        return mayWait ? caller.subscribeOn(Schedulers.boundedElastic()) : caller;
    }
}
