package io.opsrelay.messaging.outbox;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.MessagingProperties;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.SidePool;
import io.opsrelay.messaging.TopicNames;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/** The outbox and its relay, in every service that has a database. */
@AutoConfiguration(
        afterName = {
            "io.opsrelay.security.token.TokenAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration",
            "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration"
        })
@EnableConfigurationProperties(MessagingProperties.class)
class OutboxAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    Clock messagingClock() {
        return Clock.systemUTC();
    }

    @Bean
    @ConditionalOnMissingBean
    Ids ids(Clock clock) {
        return Ids.uuidV7(clock);
    }

    @Bean
    TopicNames topicNames(@Value("${opsrelay.topic-prefix:opsrelay}") String prefix) {
        return new TopicNames(prefix);
    }

    @Bean
    SidePool relayDatabase(DataSourceProperties database, MessagingProperties properties) {
        // Losing "sent" marks in a crash only sends rows again, which the inbox expects: no need to wait for the disk.
        // Its few statements go by the primary key whatever the parameters and the statistics say: the table is almost
        // always empty, and full of what was deleted since the last vacuum.
        return SidePool.to(
                database,
                "outbox-relay",
                properties.relayUser(),
                properties.relayPassword(),
                "-c synchronous_commit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off");
    }

    @Bean
    Relay relay(
            @Qualifier("relayDatabase") SidePool database,
            KafkaProperties kafka,
            MessagingProperties properties,
            Clock clock,
            MeterRegistry meters,
            @Value("${spring.application.name}") String service) {
        Supplier<Producer<String, byte[]>> producers = () -> new KafkaProducer<>(
                producerSettings(kafka, properties), new StringSerializer(), new ByteArraySerializer());
        String owner = service + "/" + ProcessHandle.current().pid() + "/" + UUID.randomUUID();
        return new Relay(
                new RelayStore(database.pool()), new RowSender(producers, service), properties, owner, clock, meters);
    }

    static Map<String, Object> producerSettings(KafkaProperties kafka, MessagingProperties properties) {
        Map<String, Object> settings = kafka.buildProducerProperties();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        // A round already hands over all it has; waiting for more would only delay the lone event.
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        settings.put(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                Math.toIntExact(properties.maxRecordSize().toBytes()));
        // A broker that is away must not hold the relay longer than its lease lasts.
        settings.put(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, properties.leaseDuration().toMillis() / 2);
        return settings;
    }

    @Bean
    @ConditionalOnMissingBean
    Outbox outbox(JdbcTemplate jdbc, TopicNames topics, Ids ids, Clock clock, OpenTelemetry telemetry, Relay relay) {
        return new JdbcOutbox(jdbc, topics, ids, clock, telemetry, relay::wake);
    }

    @Bean
    RelayHealthIndicator relayHealthIndicator(Relay relay) {
        return new RelayHealthIndicator(relay);
    }
}
