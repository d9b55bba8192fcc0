package io.opsrelay.messaging.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.MessagingProperties;
import io.opsrelay.messaging.TopicNames;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestServices;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.flywaydb.core.Flyway;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.util.unit.DataSize;

/** An outbox on a real database, and as many relays to a real broker as a test wants; without Spring's container. */
final class OutboxFixture implements AutoCloseable {

    /** Renewed at a third of it, so that a machine that halts for some seconds costs nobody the lease. */
    static final Duration LEASE = Duration.ofSeconds(9);

    final TestDatabase database;
    final TestKafka kafka;
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final JdbcTemplate jdbc;
    final ClientTransactions transactions;
    final JdbcOutbox outbox;
    private final HikariDataSource app;
    private final List<Relay> relays = new CopyOnWriteArrayList<>();
    private final List<Relay> deaf = new CopyOnWriteArrayList<>();
    private final List<HikariDataSource> pools = new ArrayList<>();

    OutboxFixture() {
        this(TestDatabase.create("messaging"), TestKafka.withRandomPrefix());
        migrate(database);
        kafka.createTopics(3, "ticket.v1", "ticket.bulk.v1", "feed.v1");
    }

    private OutboxFixture(TestDatabase database, TestKafka kafka) {
        this.database = database;
        this.kafka = kafka;
        this.app = pool(database.app(), 16);
        this.jdbc = new JdbcTemplate(app);
        this.transactions = new ClientTransactions(new JdbcTransactionManager(app), jdbc);
        this.outbox = new JdbcOutbox(
                jdbc,
                new TopicNames(kafka.prefix()),
                Ids.uuidV7(Clock.systemUTC()),
                Clock.systemUTC(),
                OpenTelemetry.noop(),
                () -> relays.stream().filter(relay -> !deaf.contains(relay)).forEach(Relay::wake));
    }

    private static void migrate(TestDatabase database) {
        Flyway.configure()
                .dataSource(database.owner())
                .defaultSchema(database.service())
                .locations("classpath:db/platform")
                .placeholders(Map.of(
                        "schema", database.service(),
                        "app", database.service() + "_app",
                        "relay", database.service() + "_relay"))
                .load()
                .migrate();
    }

    /** A relay that is not started yet, to the real broker. */
    Relay relay(String owner) {
        return relay(owner, this::producer);
    }

    /** A relay that is not started yet. */
    Relay relay(String owner, Supplier<Producer<String, byte[]>> producers) {
        HikariDataSource pool = pool(database.relay(), 2);
        pools.add(pool);
        Relay relay = relay(pool, owner, producers, meters);
        relays.add(relay);
        return relay;
    }

    static Relay relay(
            DataSource pool, String owner, Supplier<Producer<String, byte[]>> producers, SimpleMeterRegistry meters) {
        return relay(pool, owner, producers, meters, Duration.ofMillis(20));
    }

    /** A relay that is not started yet and looks for rows of its own accord only so often. */
    Relay relay(String owner, Duration pollInterval) {
        HikariDataSource pool = pool(database.relay(), 2);
        pools.add(pool);
        Relay relay = relay(pool, owner, this::producer, meters, pollInterval);
        relays.add(relay);
        return relay;
    }

    private static Relay relay(
            DataSource pool,
            String owner,
            Supplier<Producer<String, byte[]>> producers,
            SimpleMeterRegistry meters,
            Duration pollInterval) {
        return new Relay(
                new RelayStore(pool),
                new RowSender(producers, "messaging-test"),
                properties(pollInterval),
                owner,
                Clock.systemUTC(),
                meters);
    }

    /** A producer with the settings of the real relay. */
    Producer<String, byte[]> producer() {
        return producer(TestServices.get().kafka());
    }

    static Producer<String, byte[]> producer(String bootstrapServers) {
        KafkaProperties kafka = new KafkaProperties();
        kafka.setBootstrapServers(List.of(bootstrapServers));
        return new KafkaProducer<>(
                OutboxAutoConfiguration.producerSettings(kafka, properties(Duration.ofMillis(20))),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    private static MessagingProperties properties(Duration pollInterval) {
        return new MessagingProperties(
                "messaging_relay",
                "",
                100,
                pollInterval,
                LEASE,
                1,
                Duration.ZERO,
                3,
                3,
                Duration.ofSeconds(1),
                DataSize.ofMegabytes(2),
                40);
    }

    RelayStore store() {
        return new RelayStore(database.relay());
    }

    /** Commits no longer wake the relays that there are, as if these ran in other processes. */
    void commitsWakeOnlyLaterOnes() {
        deaf.addAll(relays);
    }

    /** Rows that wait, refused ones included. */
    int waiting() {
        Integer count = new JdbcTemplate(database.admin())
                .queryForObject("select count(*) from messaging.outbox", Integer.class);
        return count == null ? 0 : count;
    }

    /** Stops all relays, forgets all rows and counts anew. */
    void reset() {
        meters = new SimpleMeterRegistry();
        relays.forEach(Relay::stop);
        relays.clear();
        deaf.clear();
        pools.forEach(HikariDataSource::close);
        pools.clear();
        JdbcTemplate admin = new JdbcTemplate(database.admin());
        admin.update("delete from messaging.outbox");
        admin.update("update messaging.relay_lease set owner = '', expires_at = '-infinity'");
    }

    private static HikariDataSource pool(DataSource source, int size) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(source);
        pool.setMaximumPoolSize(size);
        return pool;
    }

    @Override
    public void close() {
        reset();
        app.close();
    }
}
