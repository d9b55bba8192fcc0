package io.opsrelay.gateway.session;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.edge.Origins;
import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.gateway.session.UsedCookies.Use;
import io.opsrelay.security.seal.Keyring;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The cookie by which a page gets a new access token after a reload. Scripts cannot read it, other sites' pages cannot
 * have it sent (those of other origins of this site can if they are on the allow-list), and only the sign-in's own
 * addresses get it; what it holds only gateways can open. Good once: each
 * renewal gives the next one.
 */
@Component
public final class RefreshCookies implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(RefreshCookies.class);

    private static final String NAME = "opsrelay_refresh";
    private static final String PATH = "/api/v1/auth";
    private static final String MARK = "X-Requested-With";
    private static final String OURS = "opsrelay";

    /** What a browser says of where a request comes from: same-origin, same-site, cross-site or none. */
    private static final String FETCHED_FROM = "Sec-Fetch-Site";

    /** Browsers drop longer ones. */
    private static final int LONGEST = 3_900;

    private final SessionProperties properties;
    private final Keyring keys;
    private final UsedCookies used;
    private final Origins origins;
    private final Clock clock;
    private final MeterRegistry meters;

    RefreshCookies(
            SessionProperties properties,
            @Value("${opsrelay.issuer.key:}") String issuerKey,
            Origins origins,
            Clock clock,
            MeterRegistry meters) {
        this.properties = properties;
        this.keys = CookieKeys.of(properties.cookieKeys(), issuerKey.isBlank() ? null : Path.of(issuerKey));
        this.used = new UsedCookies(properties, clock);
        this.origins = origins;
        this.clock = clock;
        this.meters = meters;
        Gauge.builder(SessionMetric.LOCAL.id(), used, cookies -> cookies.away() ? 1 : 0)
                .description(SessionMetric.LOCAL.meaning())
                .register(meters);
    }

    /** Whether a page of ours asks, which wants the cookie; what is no browser has no use for one. */
    public boolean isWanted(ServerHttpRequest request) {
        return OURS.equalsIgnoreCase(request.getHeaders().getFirst(MARK));
    }

    /**
     * Whether the browser would keep a cookie for the page that asks. It does not for one of another site, such as
     * {@code desk.example} for a gateway at {@code api.other.example}; other ports and sub-domains are of the same site.
     */
    public boolean isKept(ServerHttpRequest request) {
        return !"cross-site".equals(request.getHeaders().getFirst(FETCHED_FROM));
    }

    /**
     * Lets pages of ours pass, and of the allow-list. The header is one that no form and no link of another site can
     * send, and that another site's script may not.
     *
     * @throws Refusal 403 for anything else
     */
    public void requireOwnPage(ServerHttpRequest request) {
        if (!isWanted(request)) {
            throw Refusal.of(HttpStatus.FORBIDDEN, "send the header " + MARK + ": " + OURS);
        }
        if (!origins.allow(request.getHeaders())) {
            throw Refusal.of(HttpStatus.FORBIDDEN, "pages of this origin may not sign anybody in");
        }
    }

    /** The cookie of somebody who has just signed in; empty if it would be longer than browsers take. */
    public Optional<ResponseCookie> begin(
            String user, @Nullable String client, @Nullable String providerToken, ServerHttpRequest request) {
        long now = clock.instant().getEpochSecond();
        return sealed(
                new Session(
                        UUID.randomUUID().toString(),
                        UUID.randomUUID().toString(),
                        user,
                        client,
                        now,
                        now,
                        providerToken),
                request);
    }

    /** The next cookie of the same sign-in. */
    public Optional<ResponseCookie> renew(
            Session session, @Nullable String client, @Nullable String providerToken, ServerHttpRequest request) {
        return sealed(
                new Session(
                        session.family(),
                        UUID.randomUUID().toString(),
                        session.user(),
                        client,
                        session.begun(),
                        clock.instant().getEpochSecond(),
                        providerToken),
                request);
    }

    /** Takes the browser's cookie away. */
    public ResponseCookie none(ServerHttpRequest request) {
        return cookie("", Duration.ZERO, request);
    }

    /** Whether the request carries a cookie, good or not. */
    public boolean isThere(ServerHttpRequest request) {
        HttpCookie cookie = request.getCookies().getFirst(NAME);
        return cookie != null && !cookie.getValue().isEmpty();
    }

    /** The sign-in whose cookie is shown; fails with 401 where it cannot be read, or has expired. */
    public Mono<Session> read(ServerHttpRequest request) {
        Session session = open(request);
        return session == null
                ? Mono.error(Refusal.of(HttpStatus.UNAUTHORIZED, "sign in: the cookie is not good any more"))
                : Mono.just(session);
    }

    /** Uses the cookie up; fails with 401 where it was, or its sign-in has ended. */
    public Mono<Session> use(Session session) {
        return used.use(session).flatMap(use -> {
            count(use.name().toLowerCase(Locale.ROOT));
            if (use.isGood()) {
                return Mono.just(session);
            }
            if (use == Use.REUSED) {
                LOG.warn("A used cookie of {} was shown again; the sign-in has been ended", session.user());
            }
            return Mono.error(Refusal.of(
                    HttpStatus.UNAUTHORIZED,
                    use == Use.REUSED
                            ? "sign in: this cookie was used before, so somebody may have copied it"
                            : "sign in: this sign-in has been ended"));
        });
    }

    /** Ends the sign-in; all of its cookies are refused from now on. */
    public Mono<Void> end(Session session) {
        return used.end(session);
    }

    private @Nullable Session open(ServerHttpRequest request) {
        HttpCookie cookie = request.getCookies().getFirst(NAME);
        if (cookie == null || cookie.getValue().isEmpty()) {
            return null;
        }
        String[] parts = cookie.getValue().split("\\.", 2);
        try {
            byte[] bytes = keys.open(
                    new Keyring.Sealed(parts[0], Base64.getUrlDecoder().decode(parts[parts.length - 1])), NAME);
            Session session = JsonMapper.shared().readValue(bytes, Session.class);
            Instant now = clock.instant();
            if (now.isAfter(session.renewedAt().plus(properties.idle()))
                    || now.isAfter(session.begunAt().plus(properties.longest()))) {
                count("expired");
                return null;
            }
            return session;
        } catch (IllegalStateException
                | IllegalArgumentException
                | JacksonException
                | java.nio.BufferUnderflowException e) {
            count("unreadable");
            return null;
        }
    }

    private Optional<ResponseCookie> sealed(Session session, ServerHttpRequest request) {
        Keyring.Sealed sealed = keys.seal(JsonMapper.shared().writeValueAsBytes(session), NAME);
        String value =
                sealed.keyId() + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.bytes());
        if (value.length() > LONGEST) {
            LOG.warn("The issuer's refresh token is too long for a cookie; a reload of the page will ask to sign in");
            return Optional.empty();
        }
        Instant end = session.begunAt().plus(properties.longest());
        Duration left = Duration.between(clock.instant(), end);
        return Optional.of(cookie(value, left.compareTo(properties.idle()) < 0 ? left : properties.idle(), request));
    }

    private static ResponseCookie cookie(String value, Duration age, ServerHttpRequest request) {
        String origin = request.getHeaders().getOrigin();
        return ResponseCookie.from(NAME, value)
                .httpOnly(true)
                // Behind a terminator of TLS only the browser knows that there is TLS.
                .secure(request.getSslInfo() != null || (origin != null && origin.startsWith("https:")))
                .sameSite("Strict")
                .path(PATH)
                .maxAge(age)
                .build();
    }

    private void count(String outcome) {
        meters.counter(SessionMetric.COOKIES.id(), "outcome", outcome).increment();
    }

    @Override
    public void destroy() {
        used.close();
    }
}
