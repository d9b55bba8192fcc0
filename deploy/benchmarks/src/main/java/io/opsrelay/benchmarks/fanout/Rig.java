package io.opsrelay.benchmarks.fanout;

import com.nimbusds.jose.JOSEException;
import io.opsrelay.benchmarks.jvm.ServiceJar;
import io.opsrelay.standalone.embedded.Kafka;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.FileTree;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** A Kafka and a gateway of their own, in a temporary folder. */
final class Rig implements AutoCloseable {

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
        FeedTopic.create(kafka.bootstrapServers(), PARTITIONS);
        gateway = startGateway(checkout, flags);
        try {
            ServiceJar.awaitReady(gateway, port, LIMIT);
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    private ChildProcess startGateway(Path checkout, List<String> flags) {
        return ServiceJar.start(
                "realtime-gateway",
                checkout,
                folder,
                "gateway",
                flags,
                Map.of(
                        "OPSRELAY_KAFKA", kafka.bootstrapServers(),
                        "OPSRELAY_ISSUER_JWKS", folder.resolve("jwks.json").toString()),
                List.of(
                        "--server.port=" + port,
                        "--opsrelay.stream.per-client=20000",
                        "--opsrelay.stream.per-user=1000"));
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
