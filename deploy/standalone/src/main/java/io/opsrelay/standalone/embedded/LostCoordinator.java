package io.opsrelay.standalone.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.slf4j.LoggerFactory;

/**
 * Notices that the broker has given up on its consumer groups. A broker that comes back within the session of its former
 * self loads the offsets twice: once as the leader that it was, once as the leader that it is made anew. If the first
 * load is still at work when the second begins, Kafka 4.2 takes the end of the one for the end of the other, finds its
 * state out of step with the log, and may then refuse every consumer until it is started again, while it answers
 * producers and looks healthy. The log itself is whole. So the broker ends, and whoever watches over it starts it again.
 */
final class LostCoordinator extends AppenderBase<ILoggingEvent> {

    /** The exit code: something in the software is broken (sysexits.h). */
    static final int EXIT = 70;

    private static final String COORDINATOR = "org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime";
    /** A load that was cut short by a change of the leader says so, too; then the next one succeeds. */
    private static final String SUSPICION = "Failed to load metadata from ";

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final BooleanSupplier answers;
    private final Runnable end;
    private final AtomicBoolean asking = new AtomicBoolean();

    private LostCoordinator(BooleanSupplier answers, Runnable end) {
        this.answers = answers;
        this.end = end;
    }

    /**
     * Begins to watch what Kafka logs.
     *
     * @param answers whether consumers are answered; asked after a load has failed, on a thread of its own
     * @param end run if they are not
     */
    static void watch(BooleanSupplier answers, Runnable end) {
        Logger logger = (Logger) LoggerFactory.getLogger(COORDINATOR);
        LostCoordinator watch = new LostCoordinator(answers, end);
        watch.setContext(logger.getLoggerContext());
        watch.start();
        logger.addAppender(watch);
    }

    /** Whether the broker at this address tells a consumer's offsets, within a few seconds. */
    static boolean answers(String broker) {
        int patience = (int) PATIENCE.toMillis();
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, patience,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, patience))) {
            admin.listConsumerGroupOffsets("no-such-group")
                    .partitionsToOffsetAndMetadata()
                    .get();
            return true;
        } catch (ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel() == Level.ERROR
                && event.getFormattedMessage().contains(SUSPICION)
                && asking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("lost-coordinator").start(() -> {
                boolean lost = !answers.getAsBoolean();
                asking.set(false);
                if (lost) {
                    end.run();
                }
            });
        }
    }
}
