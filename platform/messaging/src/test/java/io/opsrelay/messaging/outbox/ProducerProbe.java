package io.opsrelay.messaging.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Stands before a real producer and lets a test look at, hold or refuse what is sent. */
@FunctionalInterface
interface ProducerProbe {

    /** Called before each send; an exception is answered as Kafka answers one, by a failed acknowledgement. */
    void before(ProducerRecord<String, byte[]> message) throws KafkaException;

    /** Called with each acknowledgement to come. */
    default void sent(ProducerRecord<String, byte[]> message, Future<RecordMetadata> acknowledgement) {}

    @SuppressWarnings("unchecked")
    static Producer<String, byte[]> around(Producer<String, byte[]> real, ProducerProbe probe) {
        return (Producer<String, byte[]>) Proxy.newProxyInstance(
                ProducerProbe.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    boolean send = method.getName().equals("send");
                    try {
                        if (send) {
                            probe.before((ProducerRecord<String, byte[]>) arguments[0]);
                        }
                        Object result = method.invoke(real, arguments);
                        if (send) {
                            probe.sent((ProducerRecord<String, byte[]>) arguments[0], (Future<RecordMetadata>) result);
                        }
                        return result;
                    } catch (KafkaException e) {
                        return refused(e, arguments.length > 1 ? (Callback) arguments[1] : null);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Future<RecordMetadata> refused(KafkaException e, @Nullable Callback callback) {
        if (callback != null) {
            callback.onCompletion(null, e);
        }
        return CompletableFuture.failedFuture(e);
    }
}
