package io.opsrelay.messaging.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.MessagingProperties;
import io.opsrelay.messaging.Subscription;
import io.opsrelay.messaging.TopicNames;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
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

/** The inbox and the consumers of all {@link Subscription} beans, and the topics they need. */
@AutoConfiguration(
        afterName = {
            "io.opsrelay.messaging.outbox.OutboxAutoConfiguration",
            "io.opsrelay.security.tenant.TenantAutoConfiguration"
        })
class ConsumeAutoConfiguration {

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
    Consumers consumers(
            ObjectProvider<Subscription> subscriptions,
            KafkaProperties kafka,
            TopicNames topics,
            JdbcTemplate jdbc,
            ClientTransactions transactions,
            OpenTelemetry telemetry,
            MeterRegistry meters,
            MessagingProperties properties,
            DeadLetterProducer deadLetterProducer,
            Clock clock) {
        Inbox inbox = new Inbox(jdbc);
        DeadLetters deadLetters = new DeadLetters(deadLetterProducer.producer(), clock, meters);
        SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();
        scheduler.setVirtualThreads(true);
        scheduler.setThreadNamePrefix("messaging-timer-");
        return new Consumers(
                subscriptions.orderedStream().toList(),
                kafka.buildConsumerProperties(),
                topics,
                subscription -> new EventListener(subscription, inbox, transactions, telemetry, meters),
                subscription -> new PartitionPausingErrorHandler(
                        subscription.group(), deadLetters, properties, scheduler, clock, meters),
                inbox,
                properties,
                scheduler);
    }

    /** Not a {@code Producer} bean: only dead letters go through it. */
    record DeadLetterProducer(Producer<byte[], byte[]> producer) implements AutoCloseable {
        @Override
        public void close() {
            producer.close();
        }
    }
}
