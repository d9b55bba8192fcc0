package io.opsrelay.gateway.route;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import reactor.core.publisher.Mono;

/**
 * One circuit breaker per instance, so that one that hangs costs its neighbours nothing. What counts is silence: no
 * connection in time, no answer in time, a connection that broke. A refused connection does not count: it is known at
 * once, and counting it would keep callers away for a moment from a service that has just come back. An answer never
 * counts, whatever it says. Thread-safe.
 */
@Component
final class Breakers {

    private static final Logger LOG = LoggerFactory.getLogger(Breakers.class);

    private final Services services;
    private final MeterRegistry meters;
    private final Map<Key, CircuitBreaker> breakers = new ConcurrentHashMap<>();

    private record Key(String service, URI instance) {}

    Breakers(Services services, MeterRegistry meters) {
        this.services = services;
        this.meters = meters;
    }

    /** The call, or a {@link CallNotPermittedException} at once if the instance is left alone now. */
    Mono<Void> guard(String service, URI instance, Upload upload, Mono<Void> call) {
        return call.onErrorMap(e -> isItsFault(e, upload) ? e : new Excused(e))
                .transformDeferred(CircuitBreakerOperator.of(of(service, instance)))
                .onErrorMap(Excused.class, excused -> Objects.requireNonNull(excused.getCause()))
                .doOnError(CallNotPermittedException.class, e -> meters.counter(
                                RouteMetric.NOT_ASKED.id(), "service", service)
                        .increment());
    }

    /** Who comes back to the same address is somebody else. */
    void forget(Collection<URI> instances) {
        breakers.keySet().removeIf(key -> instances.contains(key.instance()));
    }

    private CircuitBreaker of(String service, URI instance) {
        return breakers.computeIfAbsent(new Key(service, instance), this::create);
    }

    private CircuitBreaker create(Key key) {
        BreakerSettings settings = services.breakerOf(key.service());
        CircuitBreaker breaker = CircuitBreaker.of(
                key.service(),
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(settings.window())
                        .minimumNumberOfCalls(settings.minimumCalls())
                        .failureRateThreshold(settings.failureRate())
                        .waitDurationInOpenState(settings.openFor())
                        .permittedNumberOfCallsInHalfOpenState(settings.trialCalls())
                        .ignoreExceptions(Excused.class)
                        .writableStackTraceEnabled(false)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            State state = event.getStateTransition().getToState();
            if (state == State.OPEN) {
                LOG.warn(
                        "{} at {} gives no answers and is left alone for {} ms",
                        key.service(),
                        key.instance(),
                        settings.openFor().toMillis());
                meters.counter(RouteMetric.BREAKER_OPENED.id(), "service", key.service())
                        .increment();
            } else if (state == State.CLOSED) {
                LOG.info("{} at {} answers again", key.service(), key.instance());
            }
        });
        return breaker;
    }

    private static boolean isItsFault(Throwable error, Upload upload) {
        // reactor-netty shades the class itself: all connections are in use, which is what a hanging instance does.
        if (error instanceof ConnectTimeoutException
                || error.getClass().getSimpleName().startsWith("PoolAcquire")) {
            return true;
        }
        if (error instanceof ConnectException || !upload.complete()) {
            return false; // nobody can answer a request that has not come yet
        }
        return error instanceof IOException
                || error instanceof TimeoutException
                || error instanceof ReadTimeoutException
                || (error instanceof ErrorResponse response
                        && response.getStatusCode().value() == HttpStatus.GATEWAY_TIMEOUT.value());
    }

    /** A failure that says nothing about the instance. */
    private static final class Excused extends RuntimeException {
        Excused(Throwable cause) {
            super(null, cause, false, false);
        }
    }
}
