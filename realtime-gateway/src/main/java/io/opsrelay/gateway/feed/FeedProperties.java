package io.opsrelay.gateway.feed;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the feed is read.
 *
 * @param bootstrapServers Kafka's host:port list
 * @param ringSize memory for frames of all clients together; the oldest go first
 * @param warmRecords how many records back, per partition, are read before the gateway is ready
 * @param stateRecords how many records back, per partition, are looked at for the newest states; no fewer than
 *     {@code warmRecords}
 * @param historyReaders readings of what has left memory that go on at once
 * @param historySize the most frames, in memory, that one of them may bring; who missed more loads a snapshot
 * @param historyMemory memory for what all of them bring, counted until the last connection has taken it; one client may
 *     hold half
 * @param historyRate how fast each of them reads, in bytes a second
 * @param historyPatience how long one of them may take, waiting for room included
 * @param kafka further settings of Kafka's clients, e.g. {@code security.protocol}
 */
@ConfigurationProperties("opsrelay.feed")
record FeedProperties(
        String bootstrapServers,
        @DefaultValue("64MB") DataSize ringSize,
        @DefaultValue("10000") int warmRecords,
        @DefaultValue("50000") int stateRecords,
        @DefaultValue("2") int historyReaders,
        @DefaultValue("32MB") DataSize historySize,
        @DefaultValue("64MB") DataSize historyMemory,
        @DefaultValue("20MB") DataSize historyRate,
        @DefaultValue("15s") Duration historyPatience,
        @DefaultValue Map<String, String> kafka) {

    FeedProperties {
        if (bootstrapServers == null || bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("opsrelay.feed.bootstrap-servers is not set");
        }
        if (ringSize.toBytes() < 1024) {
            throw new IllegalArgumentException("opsrelay.feed.ring-size must be at least 1 KB");
        }
        if (warmRecords < 0) {
            throw new IllegalArgumentException("opsrelay.feed.warm-records must not be negative");
        }
        stateRecords = Math.max(stateRecords, warmRecords);
        if (historyReaders < 1 || historyRate.toBytes() < 1024 || historyPatience.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "opsrelay.feed.history-readers, -rate and -patience must be at least 1, 1 KB and 1 ms");
        }
        if (historyMemory.toBytes() < 2048) {
            throw new IllegalArgumentException("opsrelay.feed.history-memory must be at least 2 KB");
        }
        kafka = Map.copyOf(kafka);
    }
}
