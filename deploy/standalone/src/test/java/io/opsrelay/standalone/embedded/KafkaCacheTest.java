package io.opsrelay.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.Ports;
import io.opsrelay.standalone.process.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaCacheTest {

    private final OpenFolder folder = new OpenFolder();
    private final Path log = folder.path.resolve("kafka.log");

    @AfterEach
    void clean() throws Exception {
        folder.close();
    }

    /** As in this test: the JVM makes caches of jars only. How it is where there are jars, {@code StartIT} sees. */
    @Test
    void whereNoneCanBeMadeItIsSaidAndABrokerStartsAsBefore() throws Exception {
        // given
        Path caches = folder.path.resolve("caches");
        Path former = Files.createDirectories(caches.resolve("kafka-former"));
        Path ofAnother = Files.createDirectories(caches.resolve("agent-service-1"));
        KafkaCache cache = KafkaCache.in(caches);

        // when
        assertThatThrownBy(() -> cache.make(log))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("left nothing behind");

        // then
        assertThat(cache.made()).isFalse();
        assertThat(former).doesNotExist();
        assertThat(ofAnother).exists();
        Kafka kafka = new Kafka(folder.path.resolve("kafka"), log, Ports.free(), cache);
        ChildProcess broker = kafka.start(Duration.ofMinutes(3));
        assertThat(broker.end(kafka.ending())).isTrue();
    }
}
