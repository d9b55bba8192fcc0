package io.opsrelay.messaging.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Backlog;
import io.opsrelay.messaging.MessagingProperties;
import io.opsrelay.messaging.RawSubscription;
import io.opsrelay.messaging.Redelivery;
import io.opsrelay.messaging.Subscription;
import io.opsrelay.messaging.TopicNames;
import io.opsrelay.messaging.consume.Consumers.Consumption;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.util.unit.DataSize;

/**
 * The inbox and the consumers of all {@link Subscription} and {@link RawSubscription} beans, and the topics they need.
 */
@AutoConfiguration(
        afterName = {
            "io.opsrelay.messaging.outbox.OutboxAutoConfiguration",
            "io.opsrelay.security.tenant.TenantAutoConfiguration"
        })
class ConsumeAutoConfiguration {

    private static final String BULK_SUFFIX = ".bulk";
    private static final int MOST_BYTES_OF_OTHERS = 8 * 1024 * 1024;

    /** Topics that are not there yet, with the broker's own replication and retention. */
    @Bean
    KafkaAdmin.NewTopics topics(TopicNames names, MessagingProperties properties) {
        return new KafkaAdmin.NewTopics(Topics.ALL.stream()
                .map(names::full)
                .flatMap(topic -> Stream.of(
                        topic(topic, properties.partitions(), properties.maxRecordSize()),
                        topic(TopicNames.deadLettersOf(topic), 1, letterSize(properties))))
                .toArray(NewTopic[]::new));
    }

    private static NewTopic topic(String name, int partitions, DataSize maxRecordSize) {
        return TopicBuilder.name(name)
                .partitions(partitions)
                .config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(maxRecordSize.toBytes()))
                .build();
    }

    /** The largest record must still fit when the reason and origin are added to it: else it could not be set aside. */
    private static DataSize letterSize(MessagingProperties properties) {
        return DataSize.ofBytes(properties.maxRecordSize().toBytes() * 2);
    }

    @Bean(destroyMethod = "close")
    DeadLetterProducer deadLetterProducer(KafkaProperties kafka, MessagingProperties properties) {
        Map<String, Object> settings = kafka.buildProducerProperties();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        // Settled before DeadLetters stops waiting, so that a letter given up is not written after all.
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 25_000);
        settings.put(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Math.toIntExact(letterSize(properties).toBytes()));
        return new DeadLetterProducer(
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    @Bean
    Redelivery redelivery(DeadLetterProducer deadLetterProducer) {
        return new KafkaRedelivery(deadLetterProducer.producer());
    }

    @Bean
    DeadLetters deadLetters(DeadLetterProducer deadLetterProducer, Clock clock, MeterRegistry meters) {
        return new DeadLetters(deadLetterProducer.producer(), clock, meters);
    }

    @Bean
    Consumers consumers(
            ObjectProvider<Subscription> subscriptions,
            ObjectProvider<RawSubscription> rawSubscriptions,
            KafkaProperties kafka,
            TopicNames topics,
            JdbcTemplate jdbc,
            ClientTransactions transactions,
            Backlog backlog,
            OpenTelemetry telemetry,
            MeterRegistry meters,
            MessagingProperties properties,
            DeadLetters deadLetters,
            Clock clock) {
        Inbox inbox = new Inbox(jdbc);
        SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();
        scheduler.setVirtualThreads(true);
        scheduler.setThreadNamePrefix("messaging-timer-");
        Stream<Consumption> ofEvents = subscriptions
                .orderedStream()
                .flatMap(subscription -> Topics.allOf(subscription.topic()).stream()
                        .map(topic -> consumption(
                                subscription,
                                topic,
                                topics,
                                properties,
                                new EventListener(
                                        subscription,
                                        inbox,
                                        transactions,
                                        topic.equals(Topics.TICKET_BULK) ? new Backlog() : backlog,
                                        telemetry,
                                        meters))));
        Stream<Consumption> ofRecords = rawSubscriptions
                .orderedStream()
                .map(subscription -> new Consumption(
                        subscription.group(),
                        subscription.topics().stream().map(topics::full).toList(),
                        subscription.consumers(),
                        subscription.mostTogether(),
                        // Others decide how large these are: few large ones must not fill the memory.
                        Map.of(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MOST_BYTES_OF_OTHERS),
                        new RawListener(subscription, deadLetters)));
        return new Consumers(
                Stream.concat(ofEvents, ofRecords).toList(),
                kafka.buildConsumerProperties(),
                consumption -> new PartitionPausingErrorHandler(
                        consumption.group(), deadLetters, properties, scheduler, clock, meters),
                inbox,
                properties,
                scheduler,
                meters);
    }

    /**
     * Tickets that came many at once are read by a consumer group beside the subscription's own, so that no other ticket waits
     * for them: neither in a partition nor in a poll. The inbox knows both as one.
     */
    private static Consumption consumption(
            Subscription subscription,
            String topic,
            TopicNames topics,
            MessagingProperties properties,
            EventListener listener) {
        boolean many = topic.equals(Topics.TICKET_BULK);
        return new Consumption(
                many ? subscription.group() + BULK_SUFFIX : subscription.group(),
                List.of(topics.full(topic)),
                many ? 1 : properties.consumersPerSubscription(),
                Consumers.MOST_IN_A_POLL,
                Map.of(),
                listener);
    }

    /** Not a {@code Producer} bean: only dead letters go through it. */
    record DeadLetterProducer(Producer<byte[], byte[]> producer) implements AutoCloseable {
        @Override
        public void close() {
            producer.close();
        }
    }
}
