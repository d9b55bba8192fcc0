package io.opsrelay.e2e.upgrade;

import io.opsrelay.e2e.upgrade.Recording.Entry;
import io.opsrelay.e2e.upgrade.Recording.Header;
import io.opsrelay.e2e.upgrade.Recording.Offset;
import io.opsrelay.e2e.upgrade.Recording.Topic;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Records the stores of a system, whose services must not run, into a folder. */
public final class Recorder {

    private final Stores stores;
    private final Recording recording;

    public Recorder(Stores stores, Recording recording) {
        this.stores = stores;
        this.recording = recording;
    }

    /** Writes everything; a recording that is there is overwritten. */
    public void record() throws SQLException, IOException, ExecutionException, InterruptedException {
        Files.createDirectories(recording.rows());
        try (Connection connection = stores.connect()) {
            recordDatabase(connection);
        }
        try (Admin admin = stores.admin()) {
            recordTopics(admin);
        }
        Stores.copy(stores.files(), recording.files());
        Stores.copy(stores.keys(), recording.keys());
    }

    private void recordDatabase(Connection connection) throws SQLException, IOException {
        List<String> migrations = new ArrayList<>();
        for (String schema : Stores.SCHEMAS) {
            column(
                            connection,
                            "select script from %s.flyway_schema_history where type = 'SQL' order by installed_rank"
                                    .formatted(schema),
                            null)
                    .forEach(script -> migrations.add(schema + " " + script));
            for (String table : tables(connection, schema)) {
                copy(connection, schema, table);
            }
        }
        Files.write(recording.migrations(), migrations);
        Files.write(
                recording.sequences(),
                column(
                        connection,
                        "select schemaname || '.' || sequencename || ' ' || last_value from pg_sequences"
                                + " where last_value is not null order by 1",
                        null));
    }

    /** Partitions belong to their parent, and Flyway's table to Flyway. */
    private static List<String> tables(Connection connection, String schema) throws SQLException {
        return column(
                connection,
                "select relname from pg_class where relnamespace = ?::regnamespace and relkind in ('r', 'p')"
                        + " and not relispartition and relname <> 'flyway_schema_history' order by 1",
                schema);
    }

    private void copy(Connection connection, String schema, String table) throws SQLException, IOException {
        String name = schema + "." + table;
        String columns = String.join(
                ",",
                column(
                        connection,
                        "select attname from pg_attribute where attrelid = ?::regclass and attnum > 0"
                                + " and not attisdropped and attgenerated = '' order by attnum",
                        name));
        try (Writer rows = Files.newBufferedWriter(recording.rows().resolve(name + ".tsv"))) {
            rows.write(columns + "\n");
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("copy (select %s from %s order by 1) to stdout".formatted(columns, name), rows);
        }
    }

    private static List<String> column(Connection connection, String query, @Nullable String parameter)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            if (parameter != null) {
                statement.setString(1, parameter);
            }
            List<String> values = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    values.add(result.getString(1));
                }
            }
            return values;
        }
    }

    private void recordTopics(Admin admin) throws IOException, ExecutionException, InterruptedException {
        Map<String, TopicDescription> topics =
                new TreeMap<>(admin.describeTopics(admin.listTopics().names().get())
                        .allTopicNames()
                        .get());
        topics.keySet().removeIf(topic -> !topic.startsWith("opsrelay."));
        try (BufferedWriter names = Files.newBufferedWriter(recording.topics());
                BufferedWriter records = Files.newBufferedWriter(recording.records())) {
            for (TopicDescription topic : topics.values()) {
                line(names, new Topic(topic.name(), topic.partitions().size()));
                recordRecords(topic, records);
            }
        }
        try (BufferedWriter offsets = Files.newBufferedWriter(recording.offsets())) {
            for (String group : admin.listGroups().all().get().stream()
                    .map(listing -> listing.groupId())
                    .sorted()
                    .toList()) {
                var committed = new TreeMap<String, Offset>();
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .forEach((partition, offset) -> committed.put(
                                partition.toString(),
                                new Offset(group, partition.topic(), partition.partition(), offset.offset())));
                for (Offset offset : committed.values()) {
                    line(offsets, offset);
                }
            }
        }
    }

    private void recordRecords(TopicDescription topic, Writer records) throws IOException {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stores.kafka()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            for (int number : IntStream.range(0, topic.partitions().size()).toArray()) {
                TopicPartition partition = new TopicPartition(topic.name(), number);
                List<TopicPartition> one = List.of(partition);
                consumer.assign(one);
                consumer.seekToBeginning(one);
                long end = consumer.endOffsets(one).get(partition);
                while (consumer.position(partition) < end) {
                    for (ConsumerRecord<byte[], byte[]> found : consumer.poll(Duration.ofSeconds(1))) {
                        line(records, entry(found));
                    }
                }
            }
        }
    }

    private static Entry entry(ConsumerRecord<byte[], byte[]> found) throws CharacterCodingException {
        List<Header> headers = new ArrayList<>();
        for (org.apache.kafka.common.header.Header header : found.headers()) {
            headers.add(new Header(
                    header.key(), Objects.requireNonNull(text(header.value()), "no header of ours is null")));
        }
        return new Entry(found.topic(), found.partition(), text(found.key()), headers, text(found.value()));
    }

    private static @Nullable String text(byte @Nullable [] bytes) throws CharacterCodingException {
        if (bytes == null) {
            return null;
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static void line(Writer file, Object value) throws IOException {
        file.write(Recording.JSON.writeValueAsString(value));
        file.write('\n');
    }
}
