package io.opsrelay.security.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionException;

/**
 * Chains what was committed, away from the transactions of the changes: a chain built in them would put all commits of a
 * client in one line. The database function does the work in one transaction, one instance at a time; if this process
 * ends in between, nothing happened, and whoever comes next does it.
 */
final class Sealer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Sealer.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final JdbcTemplate jdbc;
    private final String service;
    private final AuditProperties properties;
    private final Clock clock;
    private final Counter sealed;
    private final Counter failed;
    private final Semaphore end = new Semaphore(0);
    private final Map<String, Head> heads = new HashMap<>();
    private volatile boolean running;
    private volatile double waitingSeconds;
    private @Nullable Thread thread;
    private Instant headsToldAt;

    Sealer(JdbcTemplate jdbc, String service, AuditProperties properties, MeterRegistry meters, Clock clock) {
        this.jdbc = jdbc;
        this.service = service;
        this.properties = properties;
        this.clock = clock;
        this.headsToldAt = clock.instant();
        this.sealed = Counter.builder(AuditMetric.SEALED.id())
                .baseUnit(AuditMetric.SEALED.unit())
                .register(meters);
        this.failed = Counter.builder(AuditMetric.FAILED.id())
                .baseUnit(AuditMetric.FAILED.unit())
                .register(meters);
        Gauge.builder(AuditMetric.WAITING.id(), () -> waitingSeconds)
                .baseUnit(AuditMetric.WAITING.unit())
                .register(meters);
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("audit-sealer").start(this::run);
    }

    /** After the consumers and the web server, as the outbox relay does: their last entries are sealed as well. */
    @Override
    public void stop() {
        running = false;
        end.release();
        Thread sealer = thread;
        try {
            if (sealer != null && !sealer.join(FAREWELL)) {
                LOG.info("Audit entries are left for the next instance to seal");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MIN_VALUE / 2;
    }

    private void run() {
        Duration pause = properties.sealInterval();
        while (running) {
            pause = attempt(pause);
            if (awaitEnd(pause)) {
                break;
            }
        }
        attempt(pause);
        tellHeads();
    }

    /** Seals what there is. The pause after it: longer each time while the database refuses. */
    private Duration attempt(Duration pause) {
        try {
            sealAll();
            tellHeadsInTime();
            return properties.sealInterval();
        } catch (DataAccessException | TransactionException e) {
            failed.increment();
            LOG.warn("Audit entries wait to be sealed, trying again in {}: {}", pause, e.toString());
            LOG.debug("Audit entries wait to be sealed", e);
            Duration longer = pause.multipliedBy(2);
            return longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        }
    }

    /** All that is there now, in batches. */
    void sealAll() {
        try {
            sealBatches();
        } finally {
            // Above all while it cannot be sealed.
            measureWaiting();
        }
    }

    private void sealBatches() {
        int moved;
        do {
            moved = 0;
            for (Head head : jdbc.query(
                    "select client_id, sealed, seq, hash from seal_audit(?)",
                    (row, n) -> new Head(row.getString(1), row.getInt(2), row.getLong(3), row.getString(4)),
                    properties.sealBatch())) {
                moved += head.sealed;
                heads.put(head.clientId, head);
            }
            sealed.increment(moved);
        } while (moved >= properties.sealBatch());
    }

    private void measureWaiting() {
        try {
            List<OffsetDateTime> oldest =
                    jdbc.query("select oldest_unsealed_audit()", (row, n) -> row.getObject(1, OffsetDateTime.class));
            OffsetDateTime since = oldest.isEmpty() ? null : oldest.getFirst();
            waitingSeconds = since == null
                    ? 0
                    : Math.max(
                            0,
                            Duration.between(since.toInstant(), clock.instant()).toMillis() / 1000.0);
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("How long audit entries wait could not be asked", e);
        }
    }

    private void tellHeadsInTime() {
        if (Duration.between(headsToldAt, clock.instant()).compareTo(properties.headInterval()) >= 0) {
            tellHeads();
        }
    }

    /** Whoever shortens or rewrites a chain would have to change the logs, too, wherever they were sent. */
    private void tellHeads() {
        headsToldAt = clock.instant();
        heads.values()
                .forEach(head -> LOG.info(
                        "audit-head service={} client={} seq={} hash={}", service, head.clientId, head.seq, head.hash));
        heads.clear();
    }

    private boolean awaitEnd(Duration pause) {
        try {
            return end.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private record Head(String clientId, int sealed, long seq, String hash) {}
}
