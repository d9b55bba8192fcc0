package io.opsrelay.e2e.upgrade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the stores of a system held, as text: which migrations had run, each table's rows as PostgreSQL copies them, the
 * records of each topic and how far each consumer group was, the files of tickets, the keys that seal values, and what the
 * public API told of all that.
 *
 * @param folder holds it
 */
public record Recording(Path folder) {

    static final JsonMapper JSON = JsonMapper.builder().build();

    private static final Path ALL = Path.of("src/test/resources/recordings");

    /** One that is to be made, or is there. */
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

    /** The newest there is. */
    public static Recording newest() throws IOException {
        return all().getLast();
    }

    /** The migrations that had run, as lines of schema and script, e.g. {@code action V1__actions.sql}. */
    public List<String> scripts() throws IOException {
        return Files.readAllLines(migrations());
    }

    /** What people had read before it was made; nothing in the first recordings. */
    public List<Reading> readings() throws IOException {
        return Files.exists(answers()) ? lines(answers(), Reading.class) : List.of();
    }

    /** Adds what people have read. */
    public void add(List<Reading> readings) throws IOException {
        Files.createDirectories(folder);
        Files.write(answers(), readings.stream().map(JSON::writeValueAsString).toList());
    }

    /** A line for each script. */
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

    /** A line of JSON for each {@link Reading}. */
    private Path answers() {
        return folder.resolve("answers.jsonl");
    }

    /** The files of tickets, by the keys they have in their store. */
    Path files() {
        return folder.resolve("files");
    }

    /** The key files under which services seal values. They were made for the recording, and nothing else uses them. */
    Path keys() {
        return folder.resolve("keys");
    }

    /** The lines of a file, each of which is a value in JSON. */
    static <T> List<T> lines(Path file, Class<T> type) throws IOException {
        List<T> values = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            values.add(JSON.readValue(line, type));
        }
        return values;
    }

    /** Names a topic. */
    record Topic(String topic, int partitions) {}

    /** Every text is UTF-8; what is not is not recorded faithfully, and the recorder refuses it. */
    record Entry(
            String topic,
            int partition,
            @Nullable String key,
            List<Header> headers,
            @Nullable String value) {}

    record Header(String name, String value) {}

    record Offset(String group, String topic, int partition, long offset) {}

    /** The recording's name. */
    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
