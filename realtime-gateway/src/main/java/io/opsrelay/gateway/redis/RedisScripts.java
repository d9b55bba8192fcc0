package io.opsrelay.gateway.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts that answer with numbers. A connection that gives no answer in time is not trusted any more: the next
 * call makes a new one. Thread-safe.
 */
public final class RedisScripts implements AutoCloseable {

    private static final int WAITING_COMMANDS = 1000;

    private final RedisURI address;
    private final Duration timeout;
    private final ClientResources resources;
    private final RedisClient client;
    private @Nullable CompletableFuture<StatefulRedisConnection<String, String>> connection;

    /**
     * Connects when it is first asked.
     *
     * @param uri {@code redis://host:port}
     * @param timeout how long an answer may take
     */
    public RedisScripts(String uri, Duration timeout) {
        this.timeout = timeout;
        this.address = RedisURI.create(uri);
        address.setTimeout(timeout);
        resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .requestQueueSize(WAITING_COMMANDS)
                .socketOptions(SocketOptions.builder().connectTimeout(timeout).build())
                .build());
    }

    /** Connects, and loads the classes that it takes, so that the first request need not; however long that takes. */
    public void warmUp(String script, String[] keys, String... values) {
        CompletableFuture<StatefulRedisConnection<String, String>> used = connection();
        eval(used, script, keys, values).whenComplete((numbers, failure) -> {
            if (failure != null) {
                drop(used);
            }
        });
    }

    /** What the script answers; fails where Redis gives no answer in time. */
    public CompletableFuture<List<Long>> eval(String script, String[] keys, String... values) {
        CompletableFuture<StatefulRedisConnection<String, String>> used = connection();
        return eval(used, script, keys, values)
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((numbers, failure) -> {
                    if (failure != null) {
                        drop(used);
                    }
                });
    }

    private static CompletableFuture<List<Long>> eval(
            CompletableFuture<StatefulRedisConnection<String, String>> connection,
            String script,
            String[] keys,
            String... values) {
        return connection.thenCompose(
                open -> open.async().<List<Long>>eval(script, ScriptOutputType.MULTI, keys, values));
    }

    private synchronized CompletableFuture<StatefulRedisConnection<String, String>> connection() {
        CompletableFuture<StatefulRedisConnection<String, String>> known = connection;
        if (known != null
                && !known.isCompletedExceptionally()
                && (!known.isDone() || known.join().isOpen())) {
            return known;
        }
        CompletableFuture<StatefulRedisConnection<String, String>> made =
                client.connectAsync(StringCodec.UTF8, address).toCompletableFuture();
        connection = made;
        return made;
    }

    private void drop(CompletableFuture<StatefulRedisConnection<String, String>> failed) {
        synchronized (this) {
            if (connection != failed) {
                return;
            }
            connection = null;
        }
        // Not under the lock: closing fails the commands that wait, and those who wait for them go on at once.
        failed.thenAccept(StatefulConnection::closeAsync);
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        resources.shutdown(0, 1, TimeUnit.SECONDS);
    }
}
