package io.opsrelay.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A look at, and a hand into, the topics of one prefix on the shared broker. Reads without a consumer group and always
 * from a topic's beginning, so that it neither misses nor takes anything.
 *
 * @param prefix of every topic, without the dot
 */
public record TestKafka(String prefix) {

    /** How long the awaiting methods wait unless told otherwise: only what is wrong is waited for as long. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Topics that nobody else uses. */
    public static TestKafka withRandomPrefix() {
        return new TestKafka("test-" + UUID.randomUUID().toString().substring(0, 8));
    }

    /** {@code ticket.v1} as the broker knows it. */
    public String topic(String name) {
        return prefix + "." + name;
    }

    /** Creates those that do not exist yet. Names without the prefix. */
    public void createTopics(int partitions, String... names) {
        List<NewTopic> topics = Arrays.stream(names)
                .map(name -> new NewTopic(topic(name), partitions, (short) 1))
                .toList();
        try (Admin admin = Admin.create(connection())) {
            admin.createTopics(topics).values().values().forEach(created -> {
                try {
                    created.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IllegalStateException(e.getCause());
                    }
                } catch (TimeoutException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    /** Removes all records that are there now, as retention does; offsets go on. Name without prefix. */
    public void deleteRecords(String name, int partitions) {
        Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
        for (int number = 0; number < partitions; number++) {
            all.put(new TopicPartition(topic(name), number), RecordsToDelete.beforeOffset(-1));
        }
        try (Admin admin = Admin.create(connection())) {
            admin.deleteRecords(all).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends exactly these bytes and headers, sensible or not; returns when the broker has them. Name without prefix. */
    public void send(String name, @Nullable String key, byte[] value, Map<String, String> headers) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(topic(name), key, value);
        headers.forEach((header, text) -> message.headers().add(header, text.getBytes(StandardCharsets.UTF_8)));
        try {
            Clients.PRODUCER.send(message).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            throw new IllegalStateException("cannot send to " + topic(name), e);
        }
    }

    /** The first matching record, awaited for {@link #PATIENCE}. Name without prefix. */
    public ConsumerRecord<String, byte[]> await(String name, Predicate<ConsumerRecord<String, byte[]>> wanted) {
        return await(name, 1, wanted, PATIENCE).getFirst();
    }

    /**
     * The first matching records, in the order of their partitions.
     *
     * @param name without prefix
     * @param count how many
     * @throws AssertionError if there are fewer after the patience; it lists what there was
     */
    public List<ConsumerRecord<String, byte[]>> await(
            String name, int count, Predicate<ConsumerRecord<String, byte[]>> wanted, Duration patience) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        List<String> others = new ArrayList<>();
        long deadline = System.nanoTime() + patience.toNanos();
        KafkaConsumer<String, byte[]> consumer = Clients.CONSUMER;
        synchronized (consumer) {
            boolean assigned = false;
            while (found.size() < count && System.nanoTime() - deadline < 0) {
                assigned = assigned || assign(consumer, name);
                consumer.poll(Duration.ofMillis(100)).forEach(message -> {
                    if (wanted.test(message)) {
                        found.add(message);
                    } else {
                        others.add(describe(message));
                    }
                });
            }
        }
        if (found.size() < count) {
            throw new AssertionError("awaited " + count + " records in " + topic(name) + ", found " + found.size()
                    + "; others there:\n" + String.join("\n", others));
        }
        return List.copyOf(found.subList(0, count));
    }

    /** All records of the topic at this moment. Name without prefix; nothing if the topic does not exist. */
    public List<ConsumerRecord<String, byte[]>> all(String name) {
        List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
        KafkaConsumer<String, byte[]> consumer = Clients.CONSUMER;
        synchronized (consumer) {
            if (!assign(consumer, name)) {
                return found;
            }
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    /** A header's text; null if the record has none of that name. */
    public static @Nullable String header(ConsumerRecord<?, ?> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private boolean assign(KafkaConsumer<String, byte[]> consumer, String name) {
        List<PartitionInfo> partitions = consumer.listTopics().get(topic(name));
        if (partitions == null) {
            return false;
        }
        List<TopicPartition> all = partitions.stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
        return true;
    }

    private static Map<String, Object> connection() {
        return Map.of("bootstrap.servers", TestServices.get().kafka());
    }

    private static String describe(ConsumerRecord<String, byte[]> message) {
        byte[] value = message.value();
        return message.partition() + "/" + message.offset() + " " + message.key() + " "
                + (value == null ? "null" : new String(value, StandardCharsets.UTF_8));
    }

    /** One of each for the whole JVM: making them takes longer than most tests. They end with it. */
    private static final class Clients {
        static final KafkaProducer<String, byte[]> PRODUCER =
                new KafkaProducer<>(connection(), new StringSerializer(), new ByteArraySerializer());
        static final KafkaConsumer<String, byte[]> CONSUMER =
                new KafkaConsumer<>(connection(), new StringDeserializer(), new ByteArrayDeserializer());
    }
}
