package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.history.History.DeadLetter;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Another system on the same broker: writes what nobody can use, and looks what became of it. */
final class Poison implements Runnable, AutoCloseable {

    private static final String PREFIX = "opsrelay.";
    private static final long PAUSE_MILLIS = 4000;
    /** As dead letters name where they come from: topic, partition, offset. */
    private static final Pattern ORIGIN = Pattern.compile("(.+)-([0-9]+)@([0-9]+)");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaProducer<String, byte[]> producer;
    private final String bootstrapServers;
    private final String run;
    private final Journal journal;
    private final Random random;
    private final Map<TopicPartition, Long> before;
    private volatile boolean leaving;

    Poison(String bootstrapServers, String run, Journal journal, Random random) {
        this.bootstrapServers = bootstrapServers;
        this.run = run;
        this.journal = journal;
        this.random = random;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "max.block.ms",
                        3000,
                        "delivery.timeout.ms",
                        150_000,
                        "reconnect.backoff.ms",
                        1000,
                        "reconnect.backoff.max.ms",
                        5000),
                new StringSerializer(),
                new ByteArraySerializer());
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> all = new ArrayList<>(partitions(consumer, Topics.DEAD_LETTER_SUFFIX));
            all.addAll(partitions(consumer, ""));
            this.before = consumer.endOffsets(all, PATIENCE);
        }
    }

    void leave() {
        leaving = true;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; !leaving; i++) {
                write("poison-" + run + "-" + i);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One record, of one of several kinds; it counts once Kafka has acknowledged it. */
    private void write(String key) throws InterruptedException {
        boolean ticket = random.nextInt(3) > 0;
        Map<String, String> headers = new HashMap<>();
        byte[] value = "{\"ticket_id\":".getBytes(StandardCharsets.UTF_8);
        if (random.nextBoolean()) {
            headers.put(Headers.SPEC_VERSION, "1.0");
            headers.put(Headers.ID, UUID.randomUUID().toString());
            headers.put(Headers.SOURCE, "a-stranger");
            headers.put(Headers.TYPE, ticket ? "io.opsrelay.ticket.received.v1" : "io.opsrelay.feed.record.v1");
            headers.put(Headers.TIME, Instant.now().toString());
            headers.put(Headers.CLIENT, "acme");
        }
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(PREFIX + (ticket ? Topics.TICKET : Topics.FEED), key, value);
        headers.forEach((name, text) -> message.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        try {
            producer.send(message).get(150, TimeUnit.SECONDS);
            journal.poisoned(key);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            // The broker is away.
        }
    }

    /** What was written, and set aside, since this was made. */
    List<DeadLetter> deadLetters() {
        List<DeadLetter> letters = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, Topics.DEAD_LETTER_SUFFIX);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, PATIENCE);
            consumer.assign(partitions);
            partitions.forEach(partition -> consumer.seek(partition, before.getOrDefault(partition, 0L)));
            long limit = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() - limit < 0
                    && ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> letter : consumer.poll(Duration.ofMillis(200))) {
                    String key = String.valueOf(letter.key());
                    // One whose acknowledgement was lost may be there as well.
                    if (!isOlder(letter)
                            && (!key.startsWith("poison-" + run)
                                    || journal.poison().contains(key))) {
                        letters.add(new DeadLetter(letter.topic(), key, reasonOf(letter)));
                    }
                }
            }
        }
        return letters;
    }

    /** Whether the record itself was there before: each gateway sets aside again what it reads at its start. */
    private boolean isOlder(ConsumerRecord<String, byte[]> letter) {
        Header header = letter.headers().lastHeader(Headers.DEAD_ORIGIN);
        Matcher origin = ORIGIN.matcher(header == null ? "" : new String(header.value(), StandardCharsets.UTF_8));
        return origin.matches()
                && Long.parseLong(origin.group(3))
                        < before.getOrDefault(
                                new TopicPartition(origin.group(1), Integer.parseInt(origin.group(2))), 0L);
    }

    private static String reasonOf(ConsumerRecord<String, byte[]> letter) {
        Header reason = letter.headers().lastHeader(Headers.DEAD_REASON);
        return reason == null ? "without a reason" : new String(reason.value(), StandardCharsets.UTF_8);
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "allow.auto.create.topics", false),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer, String suffix) {
        return Topics.ALL.stream()
                .flatMap(topic -> consumer.partitionsFor(PREFIX + topic + suffix, PATIENCE).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
