package io.opsrelay.messaging;

import io.opsrelay.messaging.RawRecord.RawHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a record that was set aside back on its topic. */
@FunctionalInterface
public interface Redelivery {

    /**
     * Returns once Kafka has it.
     *
     * @param topic full name
     * @throws org.apache.kafka.common.KafkaException if Kafka does not take it now
     * @throws PoisonException if Kafka will never take it, as it is larger than its topic allows
     */
    void send(String topic, byte @Nullable [] key, byte @Nullable [] value, List<RawHeader> headers)
            throws InterruptedException;
}
