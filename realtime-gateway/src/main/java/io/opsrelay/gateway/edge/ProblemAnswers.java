package io.opsrelay.gateway.edge;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.databind.json.JsonMapper;

/** Turns every failure of a request into problem+json, and one line in the log where it is ours. */
@Component
@Order(-2) // before Spring Boot's own, which would show its idea of an error page
final class ProblemAnswers implements WebExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswers.class);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final JsonMapper json;

    ProblemAnswers(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
        if (exchange.getResponse().isCommitted()) {
            return Mono.error(error); // too late to say anything: the connection is cut
        }
        return problemOf(exchange, error).write(exchange, json);
    }

    private static Problem problemOf(ServerWebExchange exchange, Throwable error) {
        if (hasHungUp(exchange)) {
            LOG.debug("Request {} broke off: {}", InboundHeaders.requestId(exchange), error.toString());
            return Problem.of(HttpStatus.BAD_REQUEST, "the connection broke off"); // for the access log alone
        }
        BodyTooLargeException tooLarge = causeOf(error, BodyTooLargeException.class);
        if (tooLarge != null) {
            return Problem.of(HttpStatus.CONTENT_TOO_LARGE, tooLarge.detail());
        }
        if (error instanceof Refusal refusal) {
            return new Problem(
                    refusal.status(),
                    refusal.status().getReasonPhrase(),
                    refusal.detail(),
                    refusal.field(),
                    null,
                    refusal.retryAfter());
        }
        Route route = exchange.getAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        if (route != null) {
            String reason = upstreamFailure(error);
            if (reason != null) {
                // What is known already is not told again for each request.
                LOG.atLevel(error instanceof CallNotPermittedException ? Level.DEBUG : Level.WARN)
                        .log(
                                "{} {}: {} ({})",
                                route.getId(),
                                reason,
                                InboundHeaders.requestId(exchange),
                                error.toString());
                return unavailable(route.getId(), reason);
            }
        }
        if (error instanceof ErrorResponse response) {
            return ofSpring(exchange, response);
        }
        LOG.error("Request {} failed for a reason that is ours", InboundHeaders.requestId(exchange), error);
        return Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "something went wrong on our side; it is logged");
    }

    private static boolean hasHungUp(ServerWebExchange exchange) {
        HttpServerRequest netty = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        return netty instanceof ChannelOperations<?, ?> operations
                && !operations.channel().isActive();
    }

    private static Problem unavailable(String service, String reason) {
        return new Problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                HttpStatus.SERVICE_UNAVAILABLE.getReasonPhrase(),
                service + " " + reason + "; the rest of OpsRelay goes on, try again",
                null,
                service,
                SOON);
    }

    /** Why the service behind the route gave no answer; null if that is not what happened. */
    private static @Nullable String upstreamFailure(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause.getClass().getSimpleName().startsWith("PoolAcquire")) { // reactor-netty shades the class itself
                return "has more requests waiting than it can take";
            }
            switch (cause) {
                case CallNotPermittedException e -> {
                    return "has given no answers and is left alone for a moment";
                }
                case ConnectException e -> {
                    return "is not reachable";
                }
                case UnknownHostException e -> {
                    return "is not reachable";
                }
                case TimeoutException e -> {
                    return "did not answer in time";
                }
                case ReadTimeoutException e -> {
                    return "did not answer in time";
                }
                case ErrorResponse e
                when e.getStatusCode().value() == HttpStatus.GATEWAY_TIMEOUT.value() -> {
                    return "did not answer in time";
                }
                case IOException e -> {
                    return "broke the connection before it answered";
                }
                default -> {}
            }
        }
        return null;
    }

    private static Problem ofSpring(ServerWebExchange exchange, ErrorResponse error) {
        HttpStatus status = HttpStatus.resolve(error.getStatusCode().value());
        String path = exchange.getRequest().getPath().value();
        return switch (status) {
            case NOT_FOUND -> Problem.of(status, "there is nothing at " + path);
            case METHOD_NOT_ALLOWED ->
                Problem.of(status, exchange.getRequest().getMethod() + " is not possible at " + path);
            case UNSUPPORTED_MEDIA_TYPE -> Problem.of(status, "send application/json");
            case NOT_ACCEPTABLE -> Problem.of(status, "this answers application/json only");
            case BAD_REQUEST ->
                Problem.of(status, "the body is missing, is not valid JSON in UTF-8, or has fields unknown here");
            case null -> Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "something went wrong on our side");
            default -> Problem.of(status, status.getReasonPhrase());
        };
    }

    private static <T> @Nullable T causeOf(Throwable error, Class<T> type) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
