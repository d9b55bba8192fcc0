package io.opsrelay.messaging.consume;

import io.opsrelay.messaging.MessagingProperties;
import io.opsrelay.messaging.Subscription;
import io.opsrelay.messaging.TopicNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;

/** One listener container per {@link Subscription}, and the inbox's daily upkeep. */
final class Consumers implements SmartLifecycle, AutoCloseable {

    private static final Duration LONGEST_POLL = Duration.ofMillis(250);
    private static final Duration UPKEEP = Duration.ofHours(6);

    private final List<ConcurrentMessageListenerContainer<byte[], byte[]>> containers;
    private final Inbox inbox;
    private final MessagingProperties properties;
    private final SimpleAsyncTaskScheduler scheduler;
    private volatile boolean running;
    private volatile @Nullable ScheduledFuture<?> upkeep;

    Consumers(
            List<Subscription> subscriptions,
            Map<String, Object> kafka,
            TopicNames topics,
            Function<Subscription, EventListener> listeners,
            Function<Subscription, CommonErrorHandler> errorHandlers,
            Inbox inbox,
            MessagingProperties properties,
            SimpleAsyncTaskScheduler scheduler) {
        this.inbox = inbox;
        this.properties = properties;
        this.scheduler = scheduler;
        this.containers = subscriptions.stream()
                .map(subscription -> {
                    ContainerProperties container = new ContainerProperties(topics.full(subscription.topic()));
                    container.setGroupId(subscription.group());
                    container.setClientId(subscription.group());
                    container.setMessageListener(listeners.apply(subscription));
                    // Offsets are committed after a polled batch; what is delivered again the inbox drops.
                    container.setAckMode(ContainerProperties.AckMode.BATCH);
                    // A lone event is taken at once. Under load this lets the next ones come together, so that they
                    // share a fetch and a transaction.
                    container.setIdleBetweenPolls(properties.gatherTime().toMillis());
                    // A poll that waits is not woken when a paused partition may go on.
                    container.setPollTimeout(LONGEST_POLL.toMillis());
                    container.setAuthExceptionRetryInterval(Duration.ofSeconds(5));
                    var containers = new ConcurrentMessageListenerContainer<>(
                            new DefaultKafkaConsumerFactory<>(
                                    settings(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                            container);
                    containers.setConcurrency(properties.consumersPerSubscription());
                    containers.setCommonErrorHandler(errorHandlers.apply(subscription));
                    containers.setBeanName(subscription.group());
                    return containers;
                })
                .toList();
    }

    private static Map<String, Object> settings(Map<String, Object> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 200);
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
}
