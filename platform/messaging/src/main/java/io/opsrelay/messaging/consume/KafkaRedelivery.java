package io.opsrelay.messaging.consume;

import io.opsrelay.messaging.PoisonException;
import io.opsrelay.messaging.RawRecord.RawHeader;
import io.opsrelay.messaging.Redelivery;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** Sends by the producer of the dead letters, which takes the largest of them. */
record KafkaRedelivery(Producer<byte[], byte[]> producer) implements Redelivery {

    @Override
    public void send(String topic, byte @Nullable [] key, byte @Nullable [] value, List<RawHeader> headers)
            throws InterruptedException {
        ProducerRecord<byte[], byte[]> kafkaRecord = new ProducerRecord<>(topic, key, value);
        headers.forEach(header -> kafkaRecord.headers().add(header.name(), header.value()));
        try {
            producer.send(kafkaRecord).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                throw new PoisonException("the record is larger than " + topic + " allows", e);
            }
            throw new KafkaException("a record was not taken back by " + topic, e);
        } catch (TimeoutException e) {
            throw new KafkaException("a record was not taken back by " + topic + " in time", e);
        }
    }
}
