package io.opsrelay.gateway.limit;

import io.opsrelay.gateway.redis.RedisScripts;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The token buckets that all gateways share, in Redis. Thread-safe. */
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

    private final RedisScripts redis;

    SharedBuckets(String uri, Duration timeout) {
        this.redis = new RedisScripts(uri, timeout);
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
        redis.warmUp(TAKE, new String[] {"opsrelay:rate:start"}, "1", "0");
    }

    /** Takes up to so many tokens; fails where Redis gives no answer in time. */
    CompletableFuture<Grant> take(String key, int limit, int wanted) {
        return redis.eval(TAKE, new String[] {key}, Integer.toString(limit), Integer.toString(wanted))
                .thenApply(numbers -> new Grant(numbers.get(0), numbers.get(1), numbers.get(2)));
    }

    @Override
    public void close() {
        redis.close();
    }
}
