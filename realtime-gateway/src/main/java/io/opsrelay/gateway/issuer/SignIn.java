package io.opsrelay.gateway.issuer;

import com.nimbusds.jose.jwk.JWKSet;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.edge.Addresses;
import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.gateway.session.RefreshCookies;
import io.opsrelay.security.token.TokenProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** {@code POST /api/v1/auth/token} and the public keys of what it signs. */
@RestController
final class SignIn implements DisposableBean {

    private static final int LONGEST_NAME = 254;
    private static final int LONGEST_PASSWORD = 1024;

    private final StandaloneIssuer standalone;
    private final Passwords passwords;
    private final FailedSignIns failed;
    private final RefreshCookies cookies;
    private final @Nullable Map<String, Object> publicKeys;
    private final MeterRegistry meters;

    SignIn(
            StandaloneIssuer standalone,
            IssuerProperties properties,
            TokenProperties token,
            RefreshCookies cookies,
            Clock clock,
            MeterRegistry meters) {
        this.standalone = standalone;
        this.cookies = cookies;
        this.meters = meters;
        this.passwords = new Passwords(properties.users());
        this.failed =
                new FailedSignIns(properties.failures(), properties.failuresPerAddress(), properties.window(), clock);
        this.publicKeys = token.issuerUri() == null && token.jwks() != null ? publicKeys(token.jwks()) : null;
    }

    @PostMapping(path = "/api/v1/auth/token", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Token>> token(@RequestBody Credentials credentials, ServerHttpRequest request) {
        standalone.require();
        if (cookies.isWanted(request)) {
            cookies.requireOwnPage(request);
        }
        String username = required("username", credentials.username(), LONGEST_NAME);
        String password = required("password", credentials.password(), LONGEST_PASSWORD);
        String address = Addresses.of(request);
        Duration wait = failed.waitOf(username, address).orElse(null);
        if (wait != null) {
            count("limited");
            return Mono.error(Refusal.later(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "too many failed sign-ins; wait before the next",
                    wait.plusSeconds(1)));
        }
        failed.tried(username, address);
        return passwords
                .check(username, password)
                .onErrorMap(
                        RejectedExecutionException.class,
                        e -> Refusal.later(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                "too many sign in at this moment; try again",
                                Duration.ofSeconds(2)))
                .map(user -> user.orElseThrow(() -> {
                    count("refused");
                    return Refusal.of(HttpStatus.UNAUTHORIZED, "the username or the password is wrong");
                }))
                .map(user -> {
                    failed.succeeded(username, address);
                    String client = standalone.clientOf(user, credentials.clientId(), null);
                    count("succeeded");
                    return standalone
                            .tokenFor(user, client)
                            .answer(
                                    cookies.isWanted(request)
                                            ? cookies.begin(user.username(), client, null, request)
                                            : Optional.empty());
                });
    }

    @GetMapping(path = "/.well-known/jwks.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> keys() {
        if (publicKeys == null) {
            throw standalone.notHere();
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic())
                .body(publicKeys);
    }

    @Override
    public void destroy() {
        passwords.close();
    }

    private static String required(String field, @Nullable String value, int longest) {
        if (value == null || value.isEmpty()) {
            throw Refusal.badRequest(field, "is missing");
        }
        if (value.length() > longest) {
            throw Refusal.badRequest(field, "is longer than " + longest + " characters");
        }
        return value;
    }

    private static Map<String, Object> publicKeys(Path file) {
        try {
            return JWKSet.load(file.toFile()).toPublicJWKSet().toJSONObject();
        } catch (IOException | ParseException e) {
            throw new IllegalArgumentException("opsrelay.token.jwks: cannot read keys from " + file, e);
        }
    }

    private void count(String outcome) {
        meters.counter("opsrelay.gateway.sign_ins", "outcome", outcome).increment();
    }

    /**
     * What somebody signs in with.
     *
     * @param clientId which of the person's clients, where there are several
     */
    record Credentials(
            @Nullable String username,
            @Nullable String password,
            @Nullable String clientId) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Credentials[" + username + "]";
        }
    }
}
