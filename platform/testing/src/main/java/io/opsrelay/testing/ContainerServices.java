package io.opsrelay.testing;

import io.opsrelay.standalone.embedded.RolePasswords;
import java.nio.file.Files;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The three as containers. Should the keeper be killed, Testcontainers' own reaper removes them. */
final class ContainerServices implements SharedServices {

    private final KafkaContainer kafka = new KafkaContainer("apache/kafka-native:4.2.1")
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_GROUP_CONSUMER_MIN_SESSION_TIMEOUT_MS", "3000")
            .withEnv("KAFKA_GROUP_CONSUMER_SESSION_TIMEOUT_MS", "5000")
            .withEnv("KAFKA_GROUP_CONSUMER_MIN_HEARTBEAT_INTERVAL_MS", "500")
            .withEnv("KAFKA_GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS", "1000")
            .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
    private final PostgreSQLContainer postgres = new PostgreSQLContainer("postgres:18");
    private final GenericContainer<?> redis =
            new GenericContainer<>(DockerImageName.parse("redis:7-alpine")).withExposedPorts(6379);
    private final String rolePassword = RolePasswords.randomPassword();

    /** Starts them. */
    ContainerServices() {
        // Without a command of ours the container would run with fsync off, and hide what a real server does.
        postgres.withUsername("postgres")
                .withPassword(RolePasswords.randomPassword())
                .withDatabaseName("postgres")
                .setCommand("postgres", "-c", "max_connections=300");
        Startables.deepStart(kafka, postgres, redis).join();
    }

    /** Whether Docker answers; asks only where there is a sign of it, since a fruitless search takes seconds. */
    static boolean available() {
        boolean sign = System.getenv("DOCKER_HOST") != null
                || Files.exists(Path.of("/var/run/docker.sock"))
                || Files.exists(Path.of(System.getProperty("user.home"), ".docker/run/docker.sock"))
                || Files.exists(Path.of(System.getProperty("user.home"), ".testcontainers.properties"));
        return sign && DockerClientFactory.instance().isDockerAvailable();
    }

    @Override
    public TestServices description() {
        return new TestServices(
                kafka.getBootstrapServers(),
                "jdbc:postgresql://" + postgres.getHost() + ":" + postgres.getMappedPort(5432) + "/postgres",
                postgres.getUsername(),
                postgres.getPassword(),
                "redis://" + redis.getHost() + ":" + redis.getMappedPort(6379),
                rolePassword);
    }

    @Override
    public void close() {
        redis.stop();
        kafka.stop();
        postgres.stop();
    }
}
