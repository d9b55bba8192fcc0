package io.opsrelay.gateway.edge;

import io.opsrelay.security.Caller;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * One line per request: method, path, status, milliseconds, client, user, request id. No query, no header and no body,
 * for these may hold what is nobody's business. A WebSocket's line is written when it closes. Switched off by
 * {@code logging.level.opsrelay.access=off}.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5) // the request has its id by then
public final class AccessLog implements WebFilter {

    private static final Logger LOG = LoggerFactory.getLogger("opsrelay.access");

    private static final int LONGEST_PATH = 200;

    /** What nginx writes for a caller who went away. */
    private static final int GONE = 499;

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!LOG.isInfoEnabled() || exchange.getRequest().getPath().value().startsWith("/actuator/")) {
            return chain.filter(exchange);
        }
        long began = System.nanoTime();
        return chain.filter(exchange)
                .doOnSuccess(done -> write(exchange, statusOf(exchange), began))
                .doOnError(failure -> failed(exchange, began))
                .doOnCancel(() -> write(exchange, GONE, began));
    }

    /** What the answer will be is known once {@link ProblemAnswers} has written it. */
    private static void failed(ServerWebExchange exchange, long began) {
        if (exchange.getResponse().isCommitted()) {
            write(exchange, statusOf(exchange), began);
        } else {
            exchange.getResponse()
                    .beforeCommit(() -> Mono.fromRunnable(() -> write(exchange, statusOf(exchange), began)));
        }
    }

    private static void write(ServerWebExchange exchange, int status, long began) {
        write(
                exchange.getRequest().getMethod(),
                exchange.getRequest().getPath().value(),
                status,
                began,
                Callers.verified(exchange),
                InboundHeaders.requestId(exchange));
    }

    /**
     * The line of a WebSocket that did not come through the filters, when it has closed.
     *
     * @param began of the monotonic clock, in ns
     * @param caller null if it never brought a token
     * @param requestId as the handshake brought it
     * @param connectionId stands for a request id that is missing or unusable
     */
    public static void webSocket(
            String path, long began, @Nullable Caller caller, @Nullable String requestId, String connectionId) {
        if (LOG.isInfoEnabled()) {
            String id = requestId != null && InboundHeaders.isRequestId(requestId) ? requestId : connectionId;
            write(HttpMethod.GET, path, HttpStatus.SWITCHING_PROTOCOLS.value(), began, caller, id);
        }
    }

    private static void write(
            HttpMethod method,
            String path,
            int status,
            long began,
            @Nullable Caller caller,
            @Nullable String requestId) {
        LOG.info(
                "{} {} {} {} ms client={} user={} request={}",
                method,
                shortened(path),
                status,
                Duration.ofNanos(System.nanoTime() - began).toMillis(),
                caller == null ? "-" : orDash(caller.clientIdOrNull()),
                caller == null ? "-" : printable(caller.user()),
                orDash(requestId));
    }

    private static int statusOf(ServerWebExchange exchange) {
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        int code = status == null ? 200 : status.value();
        // The handshake is answered below the response that is seen here.
        boolean upgraded = code == 200
                && "websocket"
                        .equalsIgnoreCase(exchange.getRequest().getHeaders().getUpgrade());
        return upgraded ? 101 : code;
    }

    private static String shortened(String path) {
        return path.length() <= LONGEST_PATH ? path : path.substring(0, LONGEST_PATH) + "...";
    }

    /** One word, whatever an issuer calls people: a name cannot forge a line. */
    private static String printable(String name) {
        return name.codePoints().allMatch(c -> c > ' ' && c < 0x7f) ? name : name.replaceAll("[^!-~]", "_");
    }

    private static String orDash(@Nullable String value) {
        return value == null ? "-" : value;
    }
}
