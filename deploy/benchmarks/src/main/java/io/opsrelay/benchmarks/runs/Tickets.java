package io.opsrelay.benchmarks.runs;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Ids;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.json.JsonMapper;

/** Writes tickets as ingestion-service does, and sees when the agent is done with them. */
final class Tickets implements AutoCloseable {

    private static final String PREFIX = "opsrelay.";
    private static final String RECEIVED = "io.opsrelay.ticket.received.v1";
    /** The agent has done what it can: it is through, or waits for somebody's decision. */
    private static final Set<String> ENDS = Set.of("io.opsrelay.run.completed.v1", "io.opsrelay.run.parked.v1");

    private final JsonMapper json = ContractJson.mapper();
    private final Ids ids = Ids.uuidV7(Clock.systemUTC());
    private final List<String> texts;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Map<String, Instant> open = new ConcurrentHashMap<>();
    private Watch watch = (ticket, type, data) -> {};
    private int written;

    /** @param file of tickets: a heading, then label and text, divided by a tab */
    Tickets(String kafka, Path file) throws IOException {
        texts = Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                .toList();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "linger.ms", 0, "max.block.ms", 60_000),
                new StringSerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka, "allow.auto.create.topics", false, "max.poll.records", 5000),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Topics.allOf(Topics.TICKET).stream()
                .flatMap(topic -> consumer.partitionsFor(PREFIX + topic, Duration.ofSeconds(30)).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** Writes the next ticket of a client; its time counts from now. */
    void write(String client) {
        write(client, ids.next());
    }

    /** Writes a ticket of those that come many at once, as a client's import does. */
    void writeOfMany(String client) {
        write(client, ids.nextOfMany());
    }

    private void write(String client, UUID ticket) {
        write(client, ticket, texts.get(written % texts.size()) + " (" + written + ")");
    }

    /** Writes a ticket that says this; answers its id. */
    String write(String client, String text) {
        UUID ticket = ids.next();
        write(client, ticket, text);
        return ticket.toString();
    }

    private void write(String client, UUID ticket, String text) {
        written++;
        TicketReceived event = new TicketReceived(
                ticket,
                "api",
                text.substring(0, Math.min(60, text.length())),
                text,
                new Customer(UUID.randomUUID(), "customer" + written % 1000 + "@" + client + ".example", true),
                null,
                null,
                Map.of());
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(
                PREFIX + Topics.ofKey(Topics.TICKET, event.key()), event.key(), json.writeValueAsBytes(event));
        Map.of(
                        Headers.SPEC_VERSION,
                        "1.0",
                        Headers.ID,
                        UUID.randomUUID().toString(),
                        Headers.SOURCE,
                        "ingestion-service",
                        Headers.TYPE,
                        RECEIVED,
                        Headers.TIME,
                        Instant.now().toString(),
                        Headers.SUBJECT,
                        ticket.toString(),
                        Headers.CLIENT,
                        client)
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        open.put(ticket.toString(), Instant.now());
        producer.send(message);
    }

    /** Tells of everything that the agent says, in the order of each ticket. */
    void watch(Watch told) {
        watch = told;
    }

    /** What tickets say. */
    List<String> texts() {
        return texts;
    }

    /** Tickets that the agent has not done with. */
    int open() {
        return open.size();
    }

    /**
     * Waits at most {@code patience} for ends of tickets, and tells of each: when it was by its own time, since this program
     * reads late while it writes much.
     */
    void look(Duration patience, Ended ended) {
        for (ConsumerRecord<String, byte[]> seen : consumer.poll(patience)) {
            if (header(seen, Headers.SOURCE).equals("agent-service")) {
                watch.seen(seen.key(), header(seen, Headers.TYPE), seen.value());
            }
            if (ENDS.contains(header(seen, Headers.TYPE))) {
                Instant since = open.remove(seen.key());
                if (since != null) {
                    ended.of(
                            header(seen, Headers.CLIENT),
                            Duration.between(since, Instant.parse(header(seen, Headers.TIME))));
                }
            }
        }
    }

    private static String header(ConsumerRecord<String, byte[]> seen, String name) {
        Header header = seen.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        consumer.close();
    }

    /** The agent is done with a ticket of that client, so long after it was written. */
    @FunctionalInterface
    interface Ended {
        void of(String client, Duration after);
    }

    /** The agent said something about a ticket. */
    @FunctionalInterface
    interface Watch {

        /** @param data the event's JSON */
        void seen(String ticket, String type, byte[] data);
    }
}
