package io.opsrelay.gateway.limit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.limit.SharedBuckets.Grant;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Counts requests against the limits, together with the other gateways.
 *
 * <p>Redis is not asked for each request: a gateway takes tokens in batches of a twentieth of a second, spends them from
 * its memory, and fetches the next batch while half of the last one is left. So a caller at the limit costs some twenty
 * trips a second, a slower one a trip per batch or second, and hardly any request waits for one. A refusal is remembered
 * until it is worth asking again. The price: what a gateway holds and does not spend within a second is lost to the
 * others, at most a batch.
 *
 * <p>Without Redis each gateway counts for itself, with the same numbers; one request a second then looks, without
 * waiting, whether Redis is back. Thread-safe.
 */
@Component
class RateLimiter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RateLimiter.class);

    private static final String KEYS = "opsrelay:rate:";
    private static final long PROBE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();

    private final @Nullable SharedBuckets shared;
    private final Map<String, Allowance> allowances = new ConcurrentHashMap<>();
    private final AtomicLong nextProbe = new AtomicLong(System.nanoTime());
    private final AtomicLong nextSweep = new AtomicLong(System.nanoTime() + IDLE_NANOS);
    private volatile boolean away;

    @Autowired
    RateLimiter(RateLimitProperties properties, MeterRegistry meters) {
        this(properties);
        SharedBuckets redis = shared;
        if (redis != null) {
            redis.warmUp();
        }
        Gauge.builder(LimitMetric.LOCAL.id(), this, limiter -> limiter.away ? 1 : 0)
                .description(LimitMetric.LOCAL.meaning())
                .register(meters);
    }

    RateLimiter(RateLimitProperties properties) {
        String redis = properties.redis();
        shared = redis == null ? null : new SharedBuckets(redis, properties.timeout());
    }

    /**
     * Whether one more request of this bucket may pass, which counts it.
     *
     * @param limit requests a second
     * @param home where the answer is given if it had to be waited for: a request is carried on by its connection's
     *     event loop alone, never by a thread of Redis' client
     */
    Mono<Verdict> ask(String bucket, int limit, Executor home) {
        long now = System.nanoTime();
        sweep(now);
        Allowance allowance = allowances.computeIfAbsent(bucket, unknown -> new Allowance(limit, now));
        SharedBuckets redis = shared;
        if (redis == null) {
            return Mono.just(allowance.spendOwn(now));
        }
        if (away) {
            long due = nextProbe.get();
            if (now - due >= 0 && nextProbe.compareAndSet(due, now + PROBE_NANOS)) {
                refill(redis, bucket, limit, allowance);
            }
            return Mono.just(allowance.spendOwn(now));
        }
        Verdict verdict = allowance.spend(now);
        if (verdict == null) {
            // Shared with others who wait: whoever gives up must not cancel it.
            return Mono.fromFuture(() -> refill(redis, bucket, limit, allowance).thenRunAsync(() -> {}, home), true)
                    .then(Mono.defer(() -> ask(bucket, limit, home)));
        }
        if (allowance.low(now)) {
            refill(redis, bucket, limit, allowance);
        }
        return Mono.just(verdict);
    }

    /** One at a time per bucket; never fails, since then this gateway counts for itself. */
    private CompletableFuture<?> refill(SharedBuckets redis, String bucket, int limit, Allowance allowance) {
        synchronized (allowance) {
            CompletableFuture<?> running = allowance.refill();
            if (running != null) {
                return running;
            }
            CompletableFuture<?> begun = redis.take(KEYS + bucket, limit, allowance.batch())
                    .handle((grant, failure) -> {
                        settle(allowance, grant, failure);
                        return true;
                    });
            allowance.refill(begun);
            return begun;
        }
    }

    private void settle(Allowance allowance, @Nullable Grant grant, @Nullable Throwable failure) {
        long now = System.nanoTime();
        if (grant == null) {
            nextProbe.set(now + PROBE_NANOS);
            if (!away) {
                away = true;
                LOG.warn(
                        "Redis does not answer; requests are counted by this gateway alone: {}",
                        String.valueOf(failure));
            }
            return;
        }
        allowance.credit(grant, now);
        if (away) {
            away = false;
            LOG.info("Redis answers again; requests are counted together with the other gateways");
        }
    }

    private void sweep(long now) {
        long due = nextSweep.get();
        if (now - due >= 0 && nextSweep.compareAndSet(due, now + IDLE_NANOS)) {
            allowances.values().removeIf(allowance -> allowance.idleSince(now - IDLE_NANOS));
        }
    }

    /** Whether this gateway counts for itself although it should not. */
    boolean away() {
        return away;
    }

    @Override
    public void close() {
        SharedBuckets redis = shared;
        if (redis != null) {
            redis.close();
        }
    }
}
