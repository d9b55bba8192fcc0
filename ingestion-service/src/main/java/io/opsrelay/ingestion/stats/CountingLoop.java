package io.opsrelay.ingestion.stats;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Counts again and again, client after client. Every instance does; of one client only one does at a time. */
@Component
class CountingLoop implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CountingLoop.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Counting counting;
    private final StepStore steps;
    private final StatsProperties properties;
    private final Counter counted;
    private final Counter failed;
    private final Semaphore end = new Semaphore(0);
    private volatile boolean running;
    private volatile double waitingSeconds;
    private @Nullable Thread thread;

    CountingLoop(Counting counting, StepStore steps, StatsProperties properties, MeterRegistry meters) {
        this.counting = counting;
        this.steps = steps;
        this.properties = properties;
        this.counted = Counter.builder(StatsMetric.COUNTED.id())
                .baseUnit(StatsMetric.COUNTED.unit())
                .register(meters);
        this.failed = Counter.builder(StatsMetric.FAILED.id())
                .baseUnit(StatsMetric.FAILED.unit())
                .register(meters);
        Gauge.builder(StatsMetric.WAITING.id(), () -> waitingSeconds)
                .baseUnit(StatsMetric.WAITING.unit())
                .register(meters);
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("counting").start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        end.release();
        Thread loop = thread;
        try {
            if (loop != null && !loop.join(FAREWELL)) {
                LOG.info("Steps of tickets are left for the next instance to count");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the outbox relay stops: what it feeds still leaves. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE / 2 + 1;
    }

    private void run() {
        Duration pause = properties.interval();
        while (running) {
            pause = attempt(pause);
            try {
                if (end.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /**
     * Counts a batch of each client that has work: who has much to count does not hold the others back. The pause after it:
     * none while there is more, and longer each time while something fails.
     */
    private Duration attempt(Duration pause) {
        boolean whole = true;
        boolean more = false;
        try {
            for (String clientId : counting.clientsWithWork()) {
                int counted = countOf(clientId);
                whole &= counted >= 0;
                more |= counting.isFull(counted);
            }
            waitingSeconds = steps.waitingSeconds();
        } catch (RuntimeException e) {
            // Whatever it was: a thread that ends would count nothing for ever.
            whole = false;
            tell("the steps of tickets", e);
        }
        if (more) {
            return Duration.ZERO;
        }
        if (whole) {
            return properties.interval();
        }
        Duration longer = (pause.isZero() ? properties.interval() : pause).multipliedBy(2);
        return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }

    /** One client's trouble must not keep the others' numbers back, whatever it is: then -1. */
    private int countOf(String clientId) {
        try {
            int some = counting.countSome(clientId);
            counted.increment(some);
            return some;
        } catch (RuntimeException e) {
            tell("the tickets of client " + clientId, e);
            return -1;
        }
    }

    private void tell(String what, RuntimeException e) {
        failed.increment();
        LOG.warn("Numbers of {} wait to be counted, trying again: {}", what, e.toString());
        LOG.debug("Numbers wait to be counted", e);
    }
}
