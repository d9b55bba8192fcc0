package io.opsrelay.e2e.upgrade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the stores of a system held, as text: which migrations had run, each table's rows as PostgreSQL copies them, the
 * records of each topic and how far each consumer group was.
 *
 * @param folder holds it
 */
public record Recording(Path folder) {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Path ALL = Path.of("src/test/resources/recordings");

    /** One that is to be made. */
    public static Recording named(String name) {
        return new Recording(ALL.resolve(name));
    }

    /** Every recording there is, the oldest first. */
    public static List<Recording> all() throws IOException {
        try (Stream<Path> folders = Files.list(ALL)) {
            return folders.filter(Files::isDirectory)
                    .sorted()
                    .map(Recording::new)
                    .toList();
        }
    }

    /** Lines of schema and script, e.g. {@code action V1__actions.sql}. */
    Path migrations() {
        return folder.resolve("migrations.txt");
    }

    /** A file for each table, {@code schema.table.tsv}: the columns' names, then the rows. */
    Path rows() {
        return folder.resolve("rows");
    }

    /** Lines of sequence and last value. */
    Path sequences() {
        return folder.resolve("sequences.txt");
    }

    /** A line of JSON for each topic. */
    Path topics() {
        return folder.resolve("topics.jsonl");
    }

    /** A line of JSON for each record, by topic and partition in their order. */
    Path records() {
        return folder.resolve("records.jsonl");
    }

    /** A line of JSON for each group and partition. */
    Path offsets() {
        return folder.resolve("offsets.jsonl");
    }

    /** Names a topic. */
    record Topic(String topic, int partitions) {}

    /** Every text is UTF-8; what is not is not recorded faithfully, and the recorder refuses it. */
    record Entry(String topic, int partition, String key, List<Header> headers, String value) {}

    record Header(String name, String value) {}

    record Offset(String group, String topic, int partition, long offset) {}

    /** The recording's name. */
    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
