package io.opsrelay.gateway.edge;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Takes out of a request what only a proxy of ours may say, and gives it an id, which the services and the answer carry
 * too. {@code traceparent} passes.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InboundHeaders implements WebFilter {

    static final String REQUEST_ID = "X-Request-Id";

    private static final Pattern REQUEST_ID_FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String requestId = requestIdOf(exchange.getRequest().getHeaders().getFirst(REQUEST_ID));
        exchange.getAttributes().put(REQUEST_ID, requestId);
        ServerWebExchange cleaned = exchange.mutate()
                .request(request -> request.headers(headers -> {
                    headers.headerNames().stream()
                            .filter(InboundHeaders::isSpoofable)
                            .toList()
                            .forEach(headers::remove);
                    headers.set(REQUEST_ID, requestId);
                }))
                .build();
        HttpHeaders answer = exchange.getResponse().getHeaders();
        // Set last, so that a service's own does not stand beside it.
        exchange.getResponse().beforeCommit(() -> {
            answer.set(REQUEST_ID, requestId);
            return Mono.empty();
        });
        return chain.filter(cleaned);
    }

    /** The request's id; null only for what failed before this filter. */
    static @Nullable String requestId(ServerWebExchange exchange) {
        return exchange.getAttribute(REQUEST_ID);
    }

    private static String requestIdOf(@Nullable String given) {
        return given != null && isRequestId(given) ? given : UUID.randomUUID().toString();
    }

    /** Whether this may be a request's id. */
    static boolean isRequestId(String given) {
        return REQUEST_ID_FORM.matcher(given).matches();
    }

    private static boolean isSpoofable(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("x-forwarded-")
                || lower.equals("forwarded")
                || lower.equals("x-real-ip")
                || lower.equals("x-original-url")
                || lower.equals("x-rewrite-url")
                || lower.equals("x-http-method-override");
    }
}
