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
import io.opsrelay.contracts.Money;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The {@link PaymentProvider} of each client behind a time limit and a circuit breaker. A client that has a provider of
 * its own has a breaker of its own: a key that one client let expire stops nobody else. Whatever goes wrong in a call
 * comes out as {@link AnswerLostException}. Thread-safe.
 */
@Component
public class Payments implements AutoCloseable {

    private final Map<String, PaymentProvider> providers;
    private final PaymentProperties properties;
    private final CircuitBreakerRegistry breakers;
    private final TimeLimiter limiter;
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    Payments(List<PaymentProvider> providers, PaymentProperties properties, MeterRegistry meters) {
        this.providers =
                providers.stream().collect(Collectors.toUnmodifiableMap(PaymentProvider::name, Function.identity()));
        this.properties = properties;
        properties.providers().forEach((client, name) -> require("opsrelay.payment.providers." + client, client, name));
        requireKnown("opsrelay.payment.provider", properties.provider());
        this.breakers = CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .ignoreExceptions(UndecidedException.class)
                .failureRateThreshold(properties.failureRate())
                .slidingWindowSize(properties.window())
                .minimumNumberOfCalls(properties.window())
                .waitDurationInOpenState(properties.openFor())
                .automaticTransitionFromOpenToHalfOpenEnabled(true)
                .build());
        TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers).bindTo(meters);
        // A late call is left to end by itself: whether it was carried out is asked for, not guessed.
        this.limiter = TimeLimiter.of(TimeLimiterConfig.custom()
                .timeoutDuration(properties.timeLimit())
                .cancelRunningFuture(false)
                .build());
    }

    private void require(String property, String clientId, String name) {
        if (!requireKnown(property, name).serves(clientId)) {
            throw new IllegalArgumentException(
                    property + " is " + name + ", and " + name + " is not set up for " + clientId);
        }
    }

    private PaymentProvider requireKnown(String property, String name) {
        PaymentProvider provider = providers.get(name);
        if (provider == null) {
            throw new IllegalArgumentException(property + " is " + name + ", and there are only "
                    + providers.keySet().stream().sorted().toList());
        }
        return provider;
    }

    /** The name of a client's provider, see {@link PaymentProvider#name}. */
    public String providerOf(String clientId) {
        return properties.providerOf(clientId);
    }

    /** Whether the client's provider is set up for it. */
    public boolean serves(String clientId) {
        PaymentProvider provider = providers.get(providerOf(clientId));
        return provider != null && provider.serves(clientId);
    }

    /** The names of all providers that some client has. */
    public List<String> providers() {
        return Stream.concat(Stream.of(properties.provider()), properties.providers().values().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Whether a call for that client would be let through now. Something approved waits until it is. */
    public boolean accepting(String clientId) {
        return accepting(breakerOf(clientId, providerOf(clientId)));
    }

    private static boolean accepting(CircuitBreaker breaker) {
        return breaker.getState() != State.OPEN && breaker.getState() != State.FORCED_OPEN;
    }

    /** See {@link PaymentProvider#objection}. */
    public Optional<String> objection(String clientId, Money amount) {
        return provider(clientId, providerOf(clientId)).objection(amount);
    }

    /** See {@link PaymentProvider#findCharge}. */
    public Optional<Charge> findCharge(String clientId, String orderId) {
        return call(clientId, providerOf(clientId), provider -> provider.findCharge(clientId, orderId));
    }

    /**
     * See {@link PaymentProvider#refund}.
     *
     * @param provider who holds the charge: an order goes nowhere else, whatever is configured meanwhile
     */
    public RefundAnswer refund(String clientId, String provider, RefundOrder order) {
        return call(clientId, provider, called -> called.refund(clientId, order));
    }

    /**
     * See {@link PaymentProvider#findRefund}.
     *
     * @param provider who was called
     */
    public Optional<RefundAnswer> findRefund(String clientId, String provider, RefundOrder order) {
        return call(clientId, provider, called -> called.findRefund(clientId, order));
    }

    private PaymentProvider provider(String clientId, String name) {
        PaymentProvider provider = providers.get(name);
        if (provider == null || !provider.serves(clientId)) {
            throw new AnswerLostException(
                    name + " is no longer set up for " + clientId + ": set it up again, and it is asked");
        }
        return provider;
    }

    private CircuitBreaker breakerOf(String clientId, String provider) {
        return breakers.circuitBreaker(
                properties.providers().containsKey(clientId)
                        ? "payment-" + provider + "-" + clientId
                        : "payment-" + provider);
    }

    private <T> T call(String clientId, String name, Function<PaymentProvider, T> work) {
        PaymentProvider provider = provider(clientId, name);
        Callable<T> call = () -> work.apply(provider);
        try {
            return breakerOf(clientId, name)
                    .executeCallable(() -> limiter.executeFutureSupplier(() -> callers.submit(call)));
        } catch (CallNotPermittedException e) {
            throw new AnswerLostException(name + " failed too often just now and is left alone for a while", e);
        } catch (TimeoutException e) {
            throw new AnswerLostException(
                    name + " did not answer within " + properties.timeLimit().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AnswerLostException("the call of " + name + " was interrupted", e);
        } catch (AnswerLostException e) {
            throw e;
        } catch (Exception e) {
            // Its message may tell of insides that are nobody's business; the log has it.
            throw new AnswerLostException(
                    "the call of " + name + " broke off (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    @Override
    public void close() {
        callers.shutdown();
    }
}
