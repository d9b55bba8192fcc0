package io.opsrelay.testing;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A process of its own that starts Kafka, PostgreSQL and Redis for the tests of a whole build and ends them when the
 * build, or every one of several, is gone, however it went.
 */
public final class ServicesKeeper {

    private static final Duration LOOK = Duration.ofMillis(500);

    private ServicesKeeper() {}

    /** @param args the checkout's folder */
    public static void main(String[] args) throws InterruptedException {
        KeeperFolder folder = new KeeperFolder(Path.of(args[0]));
        SharedServices services = start(folder);
        Runtime.getRuntime().addShutdownHook(new Thread(services::close));
        folder.publish(services.description());
        System.out.println("ready");
        while (!folder.withdrawIfUnused()) {
            Thread.sleep(LOOK);
        }
        System.out.println("no user is left");
        System.exit(0);
    }

    private static SharedServices start(KeeperFolder folder) {
        if (ContainerServices.available()) {
            try {
                return new ContainerServices();
            } catch (RuntimeException e) {
                System.out.println("Docker answers, but the containers do not start; using processes instead: " + e);
            }
        }
        return new EmbeddedServices(folder.data(), folder.cache());
    }
}
