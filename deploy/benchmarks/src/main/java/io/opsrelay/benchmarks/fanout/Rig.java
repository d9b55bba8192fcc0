package io.opsrelay.benchmarks.fanout;

import com.nimbusds.jose.JOSEException;
import io.opsrelay.contracts.Topics;
import io.opsrelay.standalone.embedded.Kafka;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.FileTree;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.Ports;
import io.opsrelay.standalone.process.ProcessSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** A Kafka and a gateway of their own, in a temporary folder. */
final class Rig implements AutoCloseable {

    /** With the topic's prefix, as services know it. */
    static final String FEED = "opsrelay." + Topics.FEED;

    private static final int PARTITIONS = 6;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path folder;
    private final Tokens tokens;
    private final Kafka kafka;
    private final int port = Ports.free();
    private final ChildProcess kafkaProcess;
    private final ChildProcess gateway;

    /** @param flags of the gateway's JVM */
    Rig(Path checkout, List<String> flags) throws IOException, JOSEException, InterruptedException, ExecutionException {
        folder = OsUser.folder(
                Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "opsrelay-fanout-" + ProcessHandle.current().pid()),
                "rwxr-xr-x");
        tokens = new Tokens();
        tokens.publish(folder.resolve("jwks.json"));
        kafka = new Kafka(folder.resolve("kafka"), folder.resolve("kafka.log"), Ports.free());
        kafkaProcess = kafka.start(LIMIT);
        createTopics();
        gateway = startGateway(checkout, flags);
        try {
            awaitReady();
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    private void createTopics() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic(FEED, PARTITIONS, (short) 1),
                            new NewTopic(FEED + Topics.DEAD_LETTER_SUFFIX, 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    private ChildProcess startGateway(Path checkout, List<String> flags) {
        Path jar = checkout.resolve("realtime-gateway/target/realtime-gateway-1.0.0-SNAPSHOT-exec.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: build it first (mvn package -DskipTests)");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                jar.toString(),
                "--server.port=" + port,
                "--opsrelay.stream.per-client=20000",
                "--opsrelay.stream.per-user=1000"));
        return ChildProcess.start(new ProcessSpec(
                "gateway",
                command,
                Map.of(
                        "OPSRELAY_KAFKA", kafka.bootstrapServers(),
                        "OPSRELAY_ISSUER_JWKS", folder.resolve("jwks.json").toString()),
                folder,
                folder.resolve("gateway.log"),
                EndSignal.TERM,
                Optional.empty()));
    }

    private void awaitReady() throws InterruptedException {
        URI readiness = URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
        long end = System.nanoTime() + LIMIT.toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (System.nanoTime() - end < 0 && gateway.alive()) {
                try {
                    HttpRequest request = HttpRequest.newBuilder(readiness)
                            .timeout(Duration.ofSeconds(2))
                            .build();
                    if (http.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200) {
                        return;
                    }
                } catch (IOException e) {
                    // Not yet.
                }
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException(
                "the gateway did not become ready:\n" + String.join("\n", gateway.lastLines(20)));
    }

    Tokens tokens() {
        return tokens;
    }

    String kafka() {
        return kafka.bootstrapServers();
    }

    int port() {
        return port;
    }

    /** The gateway's process. */
    long pid() {
        return gateway.identity().pid();
    }

    @Override
    public void close() {
        if (gateway != null) {
            gateway.end(Ending.politely(Duration.ofSeconds(15)));
        }
        kafkaProcess.end(kafka.ending());
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            // It lies in the folder for temporary files.
        }
    }
}
