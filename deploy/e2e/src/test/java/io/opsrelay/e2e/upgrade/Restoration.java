package io.opsrelay.e2e.upgrade;

import io.opsrelay.e2e.upgrade.Recording.Entry;
import io.opsrelay.e2e.upgrade.Recording.Offset;
import io.opsrelay.e2e.upgrade.Recording.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Fills empty stores from a recording: the tables as its migrations made them, its rows, its records, its offsets. */
public final class Restoration {

    private static final List<String> MODULES = List.of(
            "platform/messaging",
            "platform/security",
            "ingestion-service",
            "agent-service",
            "approval-service",
            "action-engine");

    private final Path checkout;
    private final Stores stores;
    private final Recording recording;

    public Restoration(Path checkout, Stores stores, Recording recording) {
        this.checkout = checkout;
        this.stores = stores;
        this.recording = recording;
    }

    /** The stores must be empty. */
    public void restore() throws IOException, SQLException, ExecutionException, InterruptedException {
        for (String schema : Stores.SCHEMAS) {
            migrate(schema);
        }
        try (Connection connection = stores.connect();
                Statement statement = connection.createStatement()) {
            // Neither triggers nor foreign keys: the rows were sound together, not one by one.
            statement.execute("set session_replication_role = replica");
            copyRows(connection, statement);
            // Requests that were fresh when they were recorded shall be so now, whenever now is.
            statement.execute("update approval.approval set expires_at = now() + interval '1 hour'"
                    + " where status = 'pending'");
            statement.execute("update approval.scheduled_tasks set execution_time = now() + interval '1 hour'");
        }
        try (Admin admin = stores.admin()) {
            restoreTopics(admin);
        }
        Stores.copy(recording.files(), stores.files());
        Stores.copy(recording.keys(), stores.keys());
    }

    /** Runs the migrations that had run when it was recorded, and no later one. */
    private void migrate(String schema) throws IOException {
        Path scripts = Files.createTempDirectory("migrations-" + schema);
        for (String line : recording.scripts()) {
            if (line.startsWith(schema + " ")) {
                String script = line.substring(schema.length() + 1);
                Files.copy(find(schema, script), scripts.resolve(script));
            }
        }
        Flyway.configure()
                .dataSource(stores.url(), schema + "_owner", stores.password(schema + ".owner"))
                .defaultSchema(schema)
                .locations("filesystem:" + scripts)
                .placeholders(Map.of("schema", schema, "app", schema + "_app", "relay", schema + "_relay"))
                .load()
                .migrate();
    }

    private Path find(String schema, String script) {
        return MODULES.stream()
                .filter(module -> module.startsWith("platform/") || module.startsWith(schema))
                .flatMap(module -> Stream.of("db/platform", "db/migration").map(folder -> checkout.resolve(module)
                        .resolve("src/main/resources")
                        .resolve(folder)
                        .resolve(script)))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the migration " + script + " of " + schema + " is gone"));
    }

    private void copyRows(Connection connection, Statement statement) throws IOException, SQLException {
        try (Stream<Path> files = Files.list(recording.rows())) {
            for (Path file : files.sorted().toList()) {
                String table = file.getFileName().toString().replaceAll("\\.tsv$", "");
                try (BufferedReader rows = Files.newBufferedReader(file)) {
                    String columns = rows.readLine();
                    statement.execute("delete from " + table); // what its migration put there
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn("copy %s (%s) from stdin".formatted(table, columns), rows);
                }
            }
        }
        for (String line : Files.readAllLines(recording.sequences())) {
            String[] part = line.split(" ", 2);
            statement.execute("select setval('%s', %s)".formatted(part[0], part[1]));
        }
    }

    private void restoreTopics(Admin admin) throws IOException, ExecutionException, InterruptedException {
        List<NewTopic> topics = new ArrayList<>();
        for (Topic topic : Recording.lines(recording.topics(), Topic.class)) {
            topics.add(new NewTopic(topic.topic(), topic.partitions(), (short) 1));
        }
        admin.createTopics(topics).all().get();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                // One request at a time: a topic that was made a moment ago may refuse the first, and the second must
                // not
                // come before it then.
                Map.of("bootstrap.servers", stores.kafka(), "acks", "all", "max.in.flight.requests.per.connection", 1),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<?>> stored = new ArrayList<>();
            for (Entry entry : Recording.lines(recording.records(), Entry.class)) {
                ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>(
                        entry.topic(), entry.partition(), bytes(entry.key()), bytes(entry.value()));
                entry.headers().forEach(header -> sent.headers().add(header.name(), bytes(header.value())));
                stored.add(producer.send(sent));
            }
            for (Future<?> one : stored) {
                one.get();
            }
        }
        Map<String, Map<TopicPartition, OffsetAndMetadata>> groups = new HashMap<>();
        for (Offset offset : Recording.lines(recording.offsets(), Offset.class)) {
            groups.computeIfAbsent(offset.group(), _ -> new HashMap<>())
                    .put(
                            new TopicPartition(offset.topic(), offset.partition()),
                            new OffsetAndMetadata(offset.offset()));
        }
        for (Map.Entry<String, Map<TopicPartition, OffsetAndMetadata>> group : groups.entrySet()) {
            admin.alterConsumerGroupOffsets(group.getKey(), group.getValue())
                    .all()
                    .get();
        }
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
