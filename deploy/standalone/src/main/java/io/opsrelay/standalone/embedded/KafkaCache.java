package io.opsrelay.standalone.embedded;

import io.opsrelay.standalone.process.AotCache;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.FileTree;
import io.opsrelay.standalone.process.Ports;
import io.opsrelay.standalone.process.StartFailure;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32;

/** What makes a broker start fast: what another one, started for a moment and without any records, leaves behind. */
public record KafkaCache(AotCache cache) {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /**
     * The cache of this program's broker, made or not.
     *
     * @param caches folder of all caches
     */
    public static KafkaCache in(Path caches) {
        CRC32 key = new CRC32();
        key.update((Runtime.version() + " " + Kafka.FLAGS).getBytes(StandardCharsets.UTF_8));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            try {
                Path path = Path.of(entry);
                // What the JVM itself compares.
                String state = Files.size(path) + " " + Files.getLastModifiedTime(path);
                key.update((entry + " " + state + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new KafkaCache(new AotCache(caches.toAbsolutePath(), "kafka", key.getValue()));
    }

    /** Whether a broker that starts now starts from it. */
    public boolean made() {
        return cache.made();
    }

    /** Flags of the JVM for a start from it; none while it is not made. */
    List<String> flags() {
        return cache.flags();
    }

    /**
     * Makes it, in the place of those for another class path, JDK or flags. Takes some ten seconds.
     *
     * @param log file for the broker's output
     * @throws StartFailure if that broker does not get to serve, or leaves nothing behind
     */
    public void make(Path log) throws IOException, InterruptedException {
        cache.clear();
        Path scratch = cache.folder().resolve("training");
        Kafka trainee = new Kafka(scratch, log, Ports.free(), () -> List.of(cache.recording()));
        // What it used is written down as it ends.
        trainee.start(LIMIT).end(Ending.politely(LIMIT));
        FileTree.delete(scratch);
        cache.accept();
    }
}
