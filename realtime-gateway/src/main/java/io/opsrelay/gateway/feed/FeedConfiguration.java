package io.opsrelay.gateway.feed;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.Topics;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the feed. */
@Configuration(proxyBeanMethods = false)
class FeedConfiguration {

    @Bean
    Feed feed(MeterRegistry meters) {
        Feed feed = new Feed();
        Gauge.builder(FeedMetric.RING_BYTES.id(), feed, FeedConfiguration::ringBytes)
                .baseUnit(FeedMetric.RING_BYTES.unit())
                .description(FeedMetric.RING_BYTES.meaning())
                .register(meters);
        return feed;
    }

    @Bean
    DeadLetters feedDeadLetters(FeedProperties properties, Clock clock, MeterRegistry meters) {
        Map<String, Object> kafka = common(properties);
        kafka.put(ProducerConfig.ACKS_CONFIG, "all");
        kafka.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        kafka.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 30_000L);
        kafka.put(CommonClientConfigs.CLIENT_ID_CONFIG, "realtime-gateway-dead-letters");
        return new DeadLetters(kafka, clock, meters);
    }

    @Bean
    FeedThread feedThread(
            Feed feed,
            FeedProperties properties,
            DeadLetters deadLetters,
            Clock clock,
            MeterRegistry meters,
            @Value("${opsrelay.topic-prefix}") String topicPrefix) {
        Map<String, Object> kafka = consumer(properties, "realtime-gateway-feed");
        String topic = topicPrefix + "." + Topics.FEED;
        return new FeedThread(new FeedReader(feed, properties, topic, kafka, deadLetters, clock, meters));
    }

    @Bean
    History history(
            Feed feed,
            FeedProperties properties,
            MeterRegistry meters,
            @Value("${opsrelay.topic-prefix}") String topicPrefix) {
        Map<String, Object> kafka = consumer(properties, "realtime-gateway-history");
        return new History(feed, new Archive(properties, topicPrefix + "." + Topics.FEED, kafka, meters));
    }

    private static Map<String, Object> consumer(FeedProperties properties, String name) {
        Map<String, Object> kafka = common(properties);
        kafka.put(CommonClientConfigs.CLIENT_ID_CONFIG, name);
        // An offset that is not there is decided here, not by a default.
        kafka.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        kafka.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        kafka.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        kafka.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * 1024 * 1024);
        return kafka;
    }

    /** Ready once warm; a broker that goes away later takes no connection with it. */
    @Bean
    HealthIndicator feedHealthIndicator(Feed feed) {
        return () -> feed.warm()
                ? Health.up().build()
                : Health.outOfService()
                        .withDetail("reason", "the feed has not been read yet")
                        .build();
    }

    private static Map<String, Object> common(FeedProperties properties) {
        Map<String, Object> kafka = new HashMap<>(properties.kafka());
        kafka.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, properties.bootstrapServers());
        kafka.putIfAbsent(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000L);
        kafka.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        kafka.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        return kafka;
    }

    private static double ringBytes(Feed feed) {
        Rings rings = feed.current();
        return rings == null ? 0 : rings.bytes();
    }
}
