package io.opsrelay.messaging.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A relay in a process of its own, to be killed. */
final class RelayProcess {

    private RelayProcess() {}

    static Process start(OutboxFixture fixture, String kafka) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        RelayProcess.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(new File("target/relay-process.log"));
        builder.environment()
                .putAll(Map.of(
                        "CLASSPATH", System.getProperty("java.class.path"),
                        "RELAY_URL", fixture.database.url(),
                        "RELAY_PASSWORD", fixture.database.passwords().relay(),
                        "RELAY_KAFKA", kafka));
        return builder.start();
    }

    public static void main(String[] arguments) throws Exception {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(System.getenv("RELAY_URL"));
        pool.setUsername("messaging_relay");
        pool.setPassword(System.getenv("RELAY_PASSWORD"));
        pool.setMaximumPoolSize(2);
        String kafka = System.getenv("RELAY_KAFKA");
        OutboxFixture.relay(pool, "child", () -> OutboxFixture.producer(kafka), new SimpleMeterRegistry())
                .start();
        Thread.currentThread().join();
    }
}
