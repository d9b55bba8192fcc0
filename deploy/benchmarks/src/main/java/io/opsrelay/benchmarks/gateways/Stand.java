package io.opsrelay.benchmarks.gateways;

import com.nimbusds.jose.JOSEException;
import io.opsrelay.benchmarks.fanout.FeedTopic;
import io.opsrelay.benchmarks.fanout.Tokens;
import io.opsrelay.benchmarks.faults.Processes.Running;
import io.opsrelay.benchmarks.jvm.ServiceJar;
import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.embedded.Kafka;
import io.opsrelay.standalone.embedded.Redis;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.FileTree;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.Ports;
import io.opsrelay.standalone.process.StartFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** A Kafka, a Redis and two gateways of their own, in a temporary folder. */
final class Stand implements AutoCloseable {

    /** Fewer than clients, so that some share one. */
    private static final int PARTITIONS = 2;

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /**
     * Memory for seconds, not for minutes: what is older comes from Kafka, as it does on a large system. Heartbeats and
     * the end of a stall come sooner than usual, since a run is short.
     */
    private static final List<String> SETTINGS = List.of(
            "--opsrelay.feed.ring-size=6MB",
            "--opsrelay.feed.warm-records=200",
            "--opsrelay.stream.heartbeat=2s",
            "--opsrelay.stream.stall=6s");

    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");

    private final Path checkout;
    private final Path folder;
    private final Tokens tokens = new Tokens();
    private final Kafka kafka;
    private final Redis redis;
    private final List<Gateway> gateways = new ArrayList<>();
    private volatile ChildProcess kafkaProcess;
    private volatile ChildProcess redisProcess;
    private boolean kept;

    Stand(Path checkout) throws IOException, JOSEException, InterruptedException, ExecutionException {
        this.checkout = checkout;
        this.folder = OsUser.folder(
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "opsrelay-gateways-" + ProcessHandle.current().pid()),
                "rwxr-xr-x");
        tokens.publish(folder.resolve("jwks.json"));
        kafka = new Kafka(folder.resolve("kafka"), folder.resolve("kafka.log"), Ports.free());
        redis = new Redis(folder.resolve("redis"), folder.resolve("redis.log"), Ports.free());
        redisProcess = redis.launch();
        kafkaProcess = kafka.launch();
        try {
            awaitHealthy(redis);
            awaitHealthy(kafka);
            FeedTopic.create(kafka.bootstrapServers(), PARTITIONS);
            for (int number = 1; number <= 2; number++) {
                gateways.add(gateway("gateway-" + number, Ports.free()));
            }
            for (Gateway gateway : gateways) {
                gateway.awaitReady(LIMIT);
            }
        } catch (IllegalStateException | StartFailure | ExecutionException e) {
            close();
            throw e;
        }
    }

    private static void awaitHealthy(Component component) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!component.healthy()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(component.name() + " does not serve");
            }
            Thread.sleep(50);
        }
    }

    private Gateway gateway(String name, int port) {
        List<String> arguments = new ArrayList<>(SETTINGS);
        arguments.add("--server.port=" + port);
        Map<String, String> environment = Map.of(
                "OPSRELAY_KAFKA", kafka.bootstrapServers(),
                "OPSRELAY_REDIS", redis.uri(),
                "OPSRELAY_ISSUER_JWKS", folder.resolve("jwks.json").toString());
        return new Gateway(
                name,
                port,
                () -> ServiceJar.start("realtime-gateway", checkout, folder, name, FLAGS, environment, arguments));
    }

    Tokens tokens() {
        return tokens;
    }

    String kafka() {
        return kafka.bootstrapServers();
    }

    List<Gateway> gateways() {
        return List.copyOf(gateways);
    }

    void flushRedis() throws IOException {
        new Running(redisProcess.identity(), redis.port()).flush();
    }

    void killRedis() throws InterruptedException {
        redisProcess = killed(redis, redisProcess);
    }

    void killKafka() throws InterruptedException {
        kafkaProcess = killed(kafka, kafkaProcess);
    }

    private static ChildProcess killed(Component component, ChildProcess process) throws InterruptedException {
        new Running(process.identity(), component.port()).kill();
        process.awaitExit();
        return component.start(LIMIT);
    }

    /** Leaves the logs where they are; answers where. */
    Path keep() {
        kept = true;
        return folder;
    }

    @Override
    public void close() {
        gateways.forEach(Gateway::end);
        redisProcess.end(redis.ending());
        kafkaProcess.end(kafka.ending());
        if (kept) {
            return;
        }
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            // It lies in the folder for temporary files.
        }
    }
}
