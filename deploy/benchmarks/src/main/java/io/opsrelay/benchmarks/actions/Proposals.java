package io.opsrelay.benchmarks.actions;

import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.EventType;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Proposes actions as the agent does, each refund on an order of its own. */
final class Proposals implements AutoCloseable {

    private static final Customer MARY =
            new Customer(UUID.fromString("01890000-0000-7000-8000-00000000abcd"), "mary.major@example.org", true);
    private static final EventType TYPE = EventCatalog.typeOf(ActionProposed.class);

    private final KafkaProducer<String, byte[]> producer;
    private final Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
    private int orders;

    Proposals(String kafka) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "linger.ms", 0, "max.block.ms", 60_000, "acks", "all"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Charges that can be refunded: orders {@code B-1} to {@code B-<count>} of each client. */
    static void charge(Connection database, int count) throws SQLException {
        for (String client : ActionsRig.CLIENTS) {
            try (PreparedStatement statement = database.prepareStatement("""
                    insert into action.sandbox_charge (client_id, charge_id, id, order_id, amount, currency,
                        customer_email, created_at)
                    select ?, 'ch_b' || n, gen_random_uuid(), 'B-' || n, 25, 'EUR', ?, now()
                    from generate_series(1, ?) as n""")) {
                statement.setString(1, client);
                statement.setString(2, "mary.major@example.org");
                statement.setInt(3, count);
                statement.executeUpdate();
            }
        }
    }

    /** Proposes the refund of the next order. */
    void refund(String client) {
        orders++;
        propose(client, "refund", Map.of("order_id", "B-" + orders, "reason", "it came broken"));
    }

    /** Proposes whatever it is. */
    void propose(String client, String type, Map<String, Object> arguments) {
        UUID action = UUID.randomUUID();
        ActionProposed event = new ActionProposed(
                action, UUID.randomUUID(), UUID.randomUUID(), type, arguments, "ai:flora", MARY, 0.9);
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(
                "opsrelay." + TYPE.topic(), event.key(), ContractJson.mapper().writeValueAsBytes(event));
        Map.of(
                        Headers.SPEC_VERSION,
                        "1.0",
                        Headers.ID,
                        UUID.randomUUID().toString(),
                        Headers.SOURCE,
                        "agent-service",
                        Headers.TYPE,
                        TYPE.value(),
                        Headers.TIME,
                        Instant.now().toString(),
                        Headers.CLIENT,
                        client,
                        Headers.CONTENT_TYPE,
                        "application/json")
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        producer.send(message, (metadata, failure) -> {
            if (failure == null) {
                acknowledged.add(action);
            }
        });
    }

    /** Those that Kafka has. */
    Set<UUID> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
