package io.opsrelay.action.payment;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.github.resilience4j.timelimiter.TimeLimiterConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/**
 * The configured {@link PaymentProvider} behind a time limit and a circuit breaker. Whatever goes wrong in a call comes
 * out as {@link AnswerLostException}. Thread-safe.
 */
@Component
public class Payments implements AutoCloseable {

    private final PaymentProvider provider;
    private final CircuitBreaker breaker;
    private final TimeLimiter limiter;
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    Payments(PaymentProvider provider, PaymentProperties properties, MeterRegistry meters) {
        this.provider = provider;
        CircuitBreakerRegistry breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .failureRateThreshold(properties.failureRate())
                .slidingWindowSize(properties.window())
                .minimumNumberOfCalls(properties.window())
                .waitDurationInOpenState(properties.openFor())
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .build());
        this.breaker = breakers.circuitBreaker("payment-" + provider.name());
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(meters);
        // A late call is left to end by itself: whether it was carried out is asked for, not guessed.
        this.limiter = TimeLimiter.of(TimeLimiterConfig.custom()
                .timeoutDuration(properties.timeLimit())
                .cancelRunningFuture(false)
                .build());
    }

    /** See {@link PaymentProvider#name}. */
    public String provider() {
        return provider.name();
    }

    /** Whether a call would be let through now. Something approved waits until it is. */
    public boolean accepting() {
        State state = breaker.getState();
        return state != State.OPEN && state != State.FORCED_OPEN;
    }

    /** See {@link PaymentProvider#findCharge}. */
    public Optional<Charge> findCharge(String clientId, String orderId) {
        return call(() -> provider.findCharge(clientId, orderId));
    }

    /** See {@link PaymentProvider#refund}. */
    public RefundAnswer refund(String clientId, RefundOrder order) {
        return call(() -> provider.refund(clientId, order));
    }

    /** See {@link PaymentProvider#findRefund}. */
    public Optional<Refund> findRefund(String clientId, String idempotencyKey) {
        return call(() -> provider.findRefund(clientId, idempotencyKey));
    }

    private <T> T call(Callable<T> call) {
        try {
            return breaker.executeCallable(() -> limiter.executeFutureSupplier(() -> callers.submit(call)));
        } catch (CallNotPermittedException e) {
            throw new AnswerLostException(
                    provider.name() + " failed too often just now and is left alone for a while", e);
        } catch (TimeoutException e) {
            throw new AnswerLostException(
                    provider.name() + " did not answer within "
                            + limiter.getTimeLimiterConfig()
                                    .getTimeoutDuration()
                                    .toMillis() + " ms",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AnswerLostException("the call of " + provider.name() + " was interrupted", e);
        } catch (Exception e) {
            // Its message may tell of insides that are nobody's business; the log has it.
            throw new AnswerLostException(
                    "the call of " + provider.name() + " broke off ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    @Override
    public void close() {
        callers.shutdown();
    }
}
