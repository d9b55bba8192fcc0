package io.opsrelay.gateway.limit;

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
 * The token buckets that all gateways share, in Redis. A connection that gives no answer in time is not trusted any
 * more: the next call makes a new one. Thread-safe.
 */
final class SharedBuckets implements AutoCloseable {

    /** Redis' own clock, so that the gateways need not agree on the time; gives what there is, up to what is wanted. */
    private static final String TAKE = """
            local limit, wanted = tonumber(ARGV[1]), tonumber(ARGV[2])
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
            local tokens = tonumber(bucket[1]) or limit
            local at = tonumber(bucket[2]) or now
            tokens = math.min(limit, tokens + math.max(0, now - at) * limit / 1000)
            local granted = math.min(wanted, math.floor(tokens))
            tokens = tokens - granted
            redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.0f', now))
            redis.call('PEXPIRE', KEYS[1], 5000)
            return {granted, math.floor(tokens), math.ceil((wanted - tokens) * 1000 / limit)}
            """;

    private static final int WAITING_COMMANDS = 1000;

    private final RedisURI address;
    private final Duration timeout;
    private final ClientResources resources;
    private final RedisClient client;
    private @Nullable CompletableFuture<StatefulRedisConnection<String, String>> connection;

    SharedBuckets(String uri, Duration timeout) {
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

    /**
     * What a bucket gave.
     *
     * @param tokens from none to as many as were wanted
     * @param remaining how many are left in it
     * @param waitMillis until it will hold as many as were wanted
     */
    record Grant(long tokens, long remaining, long waitMillis) {}

    /** Connects, and loads the classes that it takes, so that the first request need not. */
    void warmUp() {
        CompletableFuture<StatefulRedisConnection<String, String>> used = connection();
        eval(used, "opsrelay:rate:start", 1, 0).whenComplete((grant, failure) -> {
            if (failure != null) {
                drop(used);
            }
        });
    }

    /** Takes up to so many tokens; fails where Redis gives no answer in time. */
    CompletableFuture<Grant> take(String key, int limit, int wanted) {
        CompletableFuture<StatefulRedisConnection<String, String>> used = connection();
        return eval(used, key, limit, wanted)
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((grant, failure) -> {
                    if (failure != null) {
                        drop(used);
                    }
                });
    }

    private static CompletableFuture<Grant> eval(
            CompletableFuture<StatefulRedisConnection<String, String>> connection, String key, int limit, int wanted) {
        return connection
                .thenCompose(open -> open.async()
                        .<List<Long>>eval(
                                TAKE,
                                ScriptOutputType.MULTI,
                                new String[] {key},
                                Integer.toString(limit),
                                Integer.toString(wanted)))
                .thenApply(numbers -> new Grant(numbers.get(0), numbers.get(1), numbers.get(2)));
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
