package io.opsrelay.gateway.edge;

import io.opsrelay.security.token.InvalidTokenException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.security.web.server.header.XFrameOptionsServerHttpHeadersWriter.Mode;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsConfigurationSource;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Which paths need a token, and the headers that keep browsers from being misused. Services verify tokens again. */
@Configuration(proxyBeanMethods = false)
class EdgeSecurity {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeSecurity.class);

    /** Answered to anybody, whatever their Authorization header says: a stale token must not stop a sign-in. */
    private static final String[] OPEN = {
        "/api/v1/auth/**",
        "/.well-known/jwks.json",
        "/api/health",
        "/health",
        "/api/v1/health",
        "/api/openapi.json",
        "/api/docs/**",
        "/api/redoc/**",
        "/actuator/health/**",
        "/actuator/prometheus",
        "/webhooks/**"
    };

    /** The token comes in the first frame, or with the upgrade; then it must be good. */
    private static final String[] SOCKETS = {"/api/v1/stream", "/ws", "/api/v1/admin/chat-dashboard/ws"};

    /** Where the cookie goes that keeps a page signed in. */
    private static final String SIGN_IN = "/api/v1/auth/";

    private static final String CONNECT = "connect-src 'self'";

    /** Everything of a page comes from here, nothing is inlined, no text becomes a script, nobody frames it. */
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                    + " font-src 'self'; " + CONNECT + "; frame-src 'self'; manifest-src 'self'; base-uri 'none';"
                    + " form-action 'self';"
                    + " frame-ancestors 'none'; require-trusted-types-for 'script'";

    /** The empty document into which the dashboard puts a mail; its name changes with its content. */
    private static final String MAIL_FRAME = "/assets/mail-frame-*.html";

    /**
     * A mail wears its own styles and has images, which the dashboard itself may not. It runs nothing, sends nothing and
     * stands in the dashboard only. Images of other servers come in when a person asks for them.
     */
    private static final String MAIL_POLICY =
            "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: blob: https:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    @Bean
    @Order(1)
    SecurityWebFilterChain openPaths(ServerHttpSecurity http, CorsConfigurationSource cors) {
        return hardened(http, cors)
                .securityMatcher(ServerWebExchangeMatchers.pathMatchers(OPEN))
                .authorizeExchange(paths -> paths.anyExchange().permitAll())
                .build();
    }

    @Bean
    @Order(2)
    SecurityWebFilterChain callersOnly(
            ServerHttpSecurity http, CorsConfigurationSource cors, AccessTokens tokens, JsonMapper json) {
        ServerAuthenticationEntryPoint entryPoint =
                (exchange, e) -> problemOf(e).write(exchange, json);
        return hardened(http, cors)
                .securityMatcher(ServerWebExchangeMatchers.pathMatchers("/api/**", "/ws", "/actuator/**"))
                .authorizeExchange(paths -> paths.pathMatchers(SOCKETS)
                        .permitAll()
                        .pathMatchers("/actuator/**")
                        .denyAll()
                        .anyExchange()
                        .authenticated())
                .oauth2ResourceServer(
                        server -> server.authenticationManagerResolver(exchange -> Mono.just(manager(tokens, exchange)))
                                .authenticationEntryPoint(entryPoint))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(entryPoint)
                        .accessDeniedHandler((exchange, e) -> Problem.of(HttpStatus.FORBIDDEN, "this is not for you")
                                .write(exchange, json)))
                .build();
    }

    private static ReactiveAuthenticationManager manager(AccessTokens tokens, ServerWebExchange exchange) {
        return authentication -> tokens.verify(((BearerTokenAuthenticationToken) authentication).getToken())
                .doOnNext(caller -> Callers.verified(exchange, caller))
                .<org.springframework.security.core.Authentication>map(Callers.Authenticated::new)
                .onErrorMap(
                        InvalidTokenException.class,
                        e -> new InvalidBearerTokenException(String.valueOf(e.getMessage()), e))
                .onErrorMap(e -> !(e instanceof AuthenticationException), KeysUnreachableException::new)
                .doOnError(KeysUnreachableException.class, e -> LOG.warn("No token can be checked: {}", rootOf(e)));
    }

    @Bean
    @Order(3)
    SecurityWebFilterChain mailFrame(ServerHttpSecurity http, CorsConfigurationSource cors) {
        return hardened(http, cors, MAIL_POLICY, Mode.SAMEORIGIN)
                .securityMatcher(ServerWebExchangeMatchers.pathMatchers(MAIL_FRAME))
                .authorizeExchange(paths -> paths.anyExchange().permitAll())
                .build();
    }

    @Bean
    @Order(4)
    SecurityWebFilterChain pages(ServerHttpSecurity http, CorsConfigurationSource cors, DashboardProperties dashboard) {
        return hardened(http, cors, pagePolicy(dashboard), Mode.DENY)
                .authorizeExchange(paths -> paths.anyExchange().permitAll())
                .build();
    }

    /** The page may speak to its API and stream, wherever they are, and to nobody else. */
    private static String pagePolicy(DashboardProperties dashboard) {
        List<String> sources = new ArrayList<>(dashboard.otherOrigins());
        sources.addFirst(CONNECT);
        return CONTENT_POLICY.replace(CONNECT, String.join(" ", sources));
    }

    @Bean
    CorsConfigurationSource corsOfAllowedOrigins(Origins origins) {
        CorsConfiguration allowed = new CorsConfiguration();
        allowed.setAllowedOrigins(List.copyOf(origins.allowed()));
        allowed.setAllowedMethods(List.of(
                HttpMethod.GET.name(),
                HttpMethod.POST.name(),
                HttpMethod.PUT.name(),
                HttpMethod.PATCH.name(),
                HttpMethod.DELETE.name()));
        allowed.setAllowedHeaders(List.of(
                HttpHeaders.AUTHORIZATION,
                HttpHeaders.CONTENT_TYPE,
                HttpHeaders.IF_MATCH,
                "Idempotency-Key",
                // HTTP clients of browsers add it by themselves, and are refused as a whole where it is not allowed.
                "X-Requested-With",
                InboundHeaders.REQUEST_ID));
        allowed.setExposedHeaders(List.of(
                "Feed-Position",
                InboundHeaders.REQUEST_ID,
                HttpHeaders.RETRY_AFTER,
                HttpHeaders.ETAG,
                "RateLimit-Limit",
                "RateLimit-Remaining",
                "RateLimit-Reset"));
        allowed.setMaxAge(Duration.ofHours(1));
        CorsConfiguration withCookie = new CorsConfiguration(allowed);
        withCookie.setAllowCredentials(true);
        return exchange -> {
            ServerHttpRequest request = exchange.getRequest();
            if (!origins.isForeign(request.getHeaders())) {
                return null;
            }
            return request.getPath().value().startsWith(SIGN_IN) ? withCookie : allowed;
        };
    }

    /** A span round every filter told nobody anything, and cost more than the filters. */
    @Bean
    SecurityObservationSettings filtersUnobserved() {
        return SecurityObservationSettings.noObservations();
    }

    private static ServerHttpSecurity hardened(ServerHttpSecurity http, CorsConfigurationSource cors) {
        return hardened(http, cors, CONTENT_POLICY, Mode.DENY);
    }

    private static ServerHttpSecurity hardened(
            ServerHttpSecurity http, CorsConfigurationSource cors, String contentPolicy, Mode framing) {
        // No cookie says who calls, so nothing can be forged: the one that renews a token is taken only with a header
        // that no page can send but our own and those on the allow-list.
        return http.csrf(ServerHttpSecurity.CsrfSpec::disable)
                .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
                .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
                .logout(ServerHttpSecurity.LogoutSpec::disable)
                .requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
                .securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
                .cors(spec -> spec.configurationSource(cors))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(contentPolicy))
                        .frameOptions(frames -> frames.mode(framing))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER)));
    }

    private static Problem problemOf(AuthenticationException e) {
        if (e instanceof KeysUnreachableException) {
            return new Problem(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    HttpStatus.SERVICE_UNAVAILABLE.getReasonPhrase(),
                    "tokens cannot be checked now; try again",
                    null,
                    null,
                    Duration.ofSeconds(1));
        }
        return Problem.of(
                HttpStatus.UNAUTHORIZED,
                e instanceof AuthenticationCredentialsNotFoundException
                        ? "send an access token: Authorization: Bearer <token> (POST /api/v1/auth/token gives one)"
                        : "the access token was refused: " + e.getMessage());
    }

    private static String rootOf(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    /** Nobody's fault but the house's; answered 503. */
    private static final class KeysUnreachableException extends AuthenticationException {
        KeysUnreachableException(Throwable cause) {
            super("the issuer's keys cannot be fetched", cause);
        }
    }
}
