package io.opsrelay.messaging.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.messaging.MessagingProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.BatchMessageListener;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;

/** One listener container per consumer group, and the inbox's daily upkeep. */
final class Consumers implements SmartLifecycle, AutoCloseable {

    static final int MOST_IN_A_POLL = 400;

    private static final Duration LONGEST_POLL = Duration.ofMillis(250);
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(200);
    private static final Duration UPKEEP = Duration.ofHours(6);

    private final List<ConcurrentMessageListenerContainer<byte[], byte[]>> containers;
    private final Inbox inbox;
    private final MessagingProperties properties;
    private final SimpleAsyncTaskScheduler scheduler;
    private volatile boolean running;
    private volatile @Nullable ScheduledFuture<?> upkeep;

    Consumers(
            List<Consumption> consumptions,
            Map<String, Object> kafka,
            Function<Consumption, CommonErrorHandler> errorHandlers,
            Inbox inbox,
            MessagingProperties properties,
            SimpleAsyncTaskScheduler scheduler,
            MeterRegistry meters) {
        this.inbox = inbox;
        this.properties = properties;
        this.scheduler = scheduler;
        this.containers = consumptions.stream()
                .map(consumption ->
                        containerOf(consumption, kafka, errorHandlers.apply(consumption), properties, meters))
                .toList();
    }

    private static ConcurrentMessageListenerContainer<byte[], byte[]> containerOf(
            Consumption consumption,
            Map<String, Object> kafka,
            CommonErrorHandler errorHandler,
            MessagingProperties properties,
            MeterRegistry meters) {
        ContainerProperties container =
                new ContainerProperties(consumption.topics().toArray(String[]::new));
        container.setGroupId(consumption.group());
        container.setClientId(consumption.group());
        container.setMessageListener(new OthersReplays(consumption.group(), consumption.listener(), meters));
        // Offsets are committed a few times a second, not for each event: they are records of a topic, too,
        // which the broker reads from the first to the last when it starts. What a crash delivers again
        // the inbox drops.
        container.setAckMode(ContainerProperties.AckMode.TIME);
        container.setAckTime(COMMIT_INTERVAL.toMillis());
        // A lone event is taken at once. Under load this lets the next ones come together, so that they
        // share a fetch and a transaction.
        container.setIdleBetweenPolls(properties.gatherTime().toMillis());
        // A poll that waits is not woken when a paused partition may go on.
        container.setPollTimeout(LONGEST_POLL.toMillis());
        container.setAuthExceptionRetryInterval(Duration.ofSeconds(5));
        Map<String, Object> settings = settings(kafka);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, consumption.mostTogether());
        settings.putAll(consumption.settings());
        var containers = new ConcurrentMessageListenerContainer<>(new ForwardOnlyConsumers(settings), container);
        containers.setConcurrency(consumption.consumers());
        containers.setCommonErrorHandler(errorHandler);
        containers.setBeanName(consumption.group());
        return containers;
    }

    private static Map<String, Object> settings(Map<String, Object> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // The new group protocol leaves these to the broker.
        settings.remove(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
        settings.remove(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);
        settings.remove(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG);
        return settings;
    }

    @Override
    public void start() {
        running = true;
        containers.forEach(ConcurrentMessageListenerContainer::start);
        upkeep = scheduler.scheduleAtFixedRate(() -> inbox.maintain(properties.inboxDays()), UPKEEP);
    }

    @Override
    public void stop() {
        running = false;
        containers.parallelStream().forEach(ConcurrentMessageListenerContainer::stop);
        ScheduledFuture<?> planned = upkeep;
        if (planned != null) {
            planned.cancel(false);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void close() {
        scheduler.close();
    }

    /**
     * What a consumer group reads, and who takes it.
     *
     * @param topics full names
     * @param consumers threads of this instance
     * @param mostTogether most records of a poll
     * @param settings that differ from those of the others
     */
    record Consumption(
            String group,
            List<String> topics,
            int consumers,
            int mostTogether,
            Map<String, Object> settings,
            BatchMessageListener<byte[], byte[]> listener) {}

    private static final class ForwardOnlyConsumers extends DefaultKafkaConsumerFactory<byte[], byte[]> {

        ForwardOnlyConsumers(Map<String, Object> settings) {
            super(settings);
        }

        @Override
        protected Consumer<byte[], byte[]> createRawConsumer(Map<String, Object> settings) {
            return new ForwardOnlyConsumer(settings);
        }
    }
}
