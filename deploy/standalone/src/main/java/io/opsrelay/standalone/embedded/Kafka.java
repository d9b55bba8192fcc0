package io.opsrelay.standalone.embedded;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.Ports;
import io.opsrelay.standalone.process.ProcessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * One Kafka broker, its own controller, in a JVM of its own. Listens on the loopback address only. Its records outlive
 * any end of the process.
 */
public final class Kafka implements Component {

    /** Of the broker's JVM. */
    static final List<String> FLAGS = List.of(
            "-Xms64m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:MetaspaceSize=64m",
            // As it is, the JVM collects the whole heap whenever it has compiled another 7 MB.
            "-XX:SweeperThreshold=50",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final Path folder;
    private final Path log;
    private final int port;
    private final Supplier<List<String>> cacheFlags;

    /**
     * @param folder holds configuration and records; created if missing
     * @param log file for the broker's output
     * @param port where clients connect
     */
    public Kafka(Path folder, Path log, int port) {
        this(folder, log, port, List::of);
    }

    /** Like the other, starting from that cache as soon as it is made. */
    public Kafka(Path folder, Path log, int port, KafkaCache cache) {
        this(folder, log, port, cache::flags);
    }

    /** @param cacheFlags asked for at each start */
    Kafka(Path folder, Path log, int port, Supplier<List<String>> cacheFlags) {
        this.folder = folder.toAbsolutePath();
        this.log = log;
        this.port = port;
        this.cacheFlags = cacheFlags;
    }

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public int port() {
        return port;
    }

    /** For {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    @Override
    public ChildProcess launch() {
        Path configuration = writeConfiguration();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(cacheFlags.get());
        command.addAll(List.of(
                "-Dopsrelay.process=kafka",
                "-Dlogback.configurationFile=opsrelay-logback.xml",
                KafkaMain.class.getName(),
                configuration.toString()));
        // The class path travels in the environment: the command line stays readable, and short enough.
        Map<String, String> environment = Map.of("CLASSPATH", System.getProperty("java.class.path"));
        return ChildProcess.start(
                new ProcessSpec(name(), command, environment, folder, log, EndSignal.TERM, Optional.empty()));
    }

    @Override
    public boolean healthy() {
        if (!Ports.answers("127.0.0.1", port)) {
            return false;
        }
        Map<String, Object> configuration = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
        Admin admin = Admin.create(configuration);
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    @Override
    public Ending ending() {
        return Ending.politely(Duration.ofSeconds(15));
    }

    private Path writeConfiguration() {
        try {
            OsUser.folder(folder, "rwx------");
            Path file = folder.resolve("server.properties");
            Files.writeString(file, configuration(controllerPort()));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The controller listens for this broker alone; its port is kept, and moves only if somebody else took it. */
    private int controllerPort() throws IOException {
        Path file = folder.resolve("controller.port");
        if (Files.exists(file)) {
            int kept = Integer.parseInt(Files.readString(file).strip());
            if (Ports.isFree("127.0.0.1", kept)) {
                return kept;
            }
        }
        // Well away from the broker's own port: the ports beside it are what people give to the other parts.
        int chosen = Ports.freeFrom(port + 1000);
        Files.writeString(file, Integer.toString(chosen));
        return chosen;
    }

    private String configuration(int controllerPort) {
        return """
                process.roles=broker,controller
                node.id=1
                listeners=BROKER://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=BROKER://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=BROKER
                controller.listener.names=CONTROLLER
                controller.quorum.bootstrap.servers=127.0.0.1:%2$d
                log.dirs=%3$s

                # Topics are declared by who owns them, never made by a typing error.
                auto.create.topics.enable=false
                log.retention.hours=720
                offsets.retention.minutes=43200
                log.segment.bytes=67108864
                # As shipped it takes 128 MiB, half of this heap.
                log.cleaner.dedupe.buffer.size=16777216

                # One broker: everything that is copied elsewhere has one copy here.
                default.replication.factor=1
                min.insync.replicas=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                # Offsets are read from the first to the last whenever the broker starts: little may lie uncompacted.
                offsets.topic.segment.bytes=1048576
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                share.coordinator.state.topic.num.partitions=1

                # A killed broker is back, and a killed consumer's partitions are handed on, within seconds.
                broker.session.timeout.ms=2000
                broker.heartbeat.interval.ms=500
                group.initial.rebalance.delay.ms=0
                group.consumer.min.session.timeout.ms=3000
                group.consumer.session.timeout.ms=5000
                group.consumer.min.heartbeat.interval.ms=500
                group.consumer.heartbeat.interval.ms=500

                num.network.threads=2
                num.io.threads=4
                background.threads=2
                """.formatted(port, controllerPort, folder.resolve("data"));
    }
}
