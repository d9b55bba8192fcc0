package io.opsrelay.gateway.feed;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;

/**
 * What makes the feed's offsets these and no others. Every gateway derives the same.
 *
 * @param topicId Kafka's own id, which a topic that is deleted and made again does not keep
 */
record FeedIdentity(String cluster, String topic, String topicId, int partitions) {

    /** Asks the broker. */
    static FeedIdentity ask(String topic, Map<String, Object> kafka) throws InterruptedException {
        Admin admin = Admin.create(kafka);
        try {
            String cluster = admin.describeCluster().clusterId().get();
            TopicDescription description = Objects.requireNonNull(
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
            return new FeedIdentity(
                    String.valueOf(cluster),
                    topic,
                    description.topicId().toString(),
                    description.partitions().size());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafkaException
                    ? kafkaException
                    : new KafkaException("the feed topic cannot be described", e.getCause());
        } finally {
            admin.close(Duration.ZERO); // waits for no answer of a broker that is away
        }
    }

    /** Short, and other for every partition: a client's offsets mean nothing in another one. */
    String epochOf(int partition) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((cluster + "\n" + topic + "\n" + topicId + "\n" + partition)
                            .getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, Arrays.copyOf(hash, 6)).toString(36);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
