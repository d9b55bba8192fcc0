package io.opsrelay.standalone.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** The broker's own JVM: formats its storage at the first start, then runs the broker. */
final class KafkaMain {

    private KafkaMain() {}

    /** @param args the broker's configuration file */
    public static void main(String[] args) throws Exception {
        Path configuration = Path.of(args[0]);
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(configuration)) {
            properties.load(reader);
        }
        if (!Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
            String[] format = {
                "format",
                "--cluster-id",
                Uuid.randomUuid().toString(),
                "--config",
                configuration.toString(),
                "--standalone",
                "--ignore-formatted"
            };
            int exit = StorageTool.execute(format, System.out);
            if (exit != 0) {
                System.exit(exit);
            }
        }
        LostCoordinator.watch(() -> LostCoordinator.answers(advertised(properties)), () -> Runtime.getRuntime()
                .halt(LostCoordinator.EXIT));
        Kafka.main(args);
    }

    /** Where clients of this broker connect. */
    private static String advertised(Properties properties) {
        String listener = properties.getProperty("advertised.listeners").split(",", -1)[0];
        return listener.substring(listener.indexOf("//") + 2);
    }
}
