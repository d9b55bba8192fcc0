package io.opsrelay.testing;

import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.embedded.Kafka;
import io.opsrelay.standalone.embedded.Postgres;
import io.opsrelay.standalone.embedded.Redis;
import io.opsrelay.standalone.embedded.RolePasswords;
import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.Ports;
import io.opsrelay.standalone.process.StartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The three as processes of this machine, the same way the standalone mode runs them. */
final class EmbeddedServices implements SharedServices {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path data;
    private final Kafka kafka;
    private final Postgres postgres;
    private final Redis redis;
    private final String adminPassword = RolePasswords.randomPassword();
    private final String rolePassword = RolePasswords.randomPassword();
    private final List<Started> started;

    private record Started(Component component, ChildProcess process) {}

    /** Starts them, with empty stores. */
    EmbeddedServices(Path data, Path cache) {
        this.data = data;
        delete(data);
        kafka = new Kafka(data.resolve("kafka"), data.resolve("kafka.log"), Ports.free());
        postgres = new Postgres(
                data.resolve("postgres"), cache, data.resolve("postgres.log"), Ports.free(), adminPassword);
        redis = new Redis(data.resolve("redis"), data.resolve("redis.log"), Ports.free());
        List<CompletableFuture<Started>> starting = Stream.of(postgres, kafka, redis)
                .map(component -> CompletableFuture.supplyAsync(
                        () -> new Started(component, start(component)),
                        task -> Thread.ofPlatform().daemon().start(task)))
                .toList();
        started = starting.stream().map(CompletableFuture::join).toList();
    }

    @Override
    public TestServices description() {
        return new TestServices(
                kafka.bootstrapServers(),
                postgres.adminUrl(),
                Postgres.ADMIN,
                adminPassword,
                redis.uri(),
                rolePassword);
    }

    @Override
    public void close() {
        started.reversed().forEach(one -> one.process().end(one.component().ending()));
        delete(data);
    }

    private static ChildProcess start(Component component) {
        try {
            return component.start(LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while starting " + component.name(), e);
        }
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + tree, e);
        }
    }
}
