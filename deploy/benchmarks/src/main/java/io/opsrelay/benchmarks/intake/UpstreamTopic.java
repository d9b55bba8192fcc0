package io.opsrelay.benchmarks.intake;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Another system that writes its tickets to the upstream topic. */
final class UpstreamTopic {

    private static final String TOPIC = "opsrelay.upstream.tickets";
    private static final byte[] JSON_TYPE = "application/json".getBytes(StandardCharsets.UTF_8);

    private UpstreamTopic() {}

    /** Writes so many plain JSON tickets and returns when Kafka has them all. */
    static void write(String bootstrap, String source, String run, int count)
            throws InterruptedException, ExecutionException {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "linger.ms", 5, "compression.type", "lz4"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            Future<RecordMetadata> last = null;
            for (int i = 0; i < count; i++) {
                ProducerRecord<String, byte[]> message = new ProducerRecord<>(
                        TOPIC, run + "-" + i, Senders.ticket(run, i).getBytes(StandardCharsets.UTF_8));
                message.headers().add("content-type", JSON_TYPE).add("source", source.getBytes(StandardCharsets.UTF_8));
                last = producer.send(message);
            }
            producer.flush();
            if (last != null) {
                last.get();
            }
        }
    }
}
