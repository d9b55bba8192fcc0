package io.opsrelay.gateway.stream;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.opsrelay.contracts.ContractJson;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/**
 * Tells the other gateways who is typing, by Redis' publish and subscribe: what nobody misses need not be kept. Without
 * Redis it says nothing and hears nothing, and tries again by itself.
 */
@Component
final class TypingExchange implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(TypingExchange.class);
    private static final String TOPIC = "opsrelay:typing";
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final String self = UUID.randomUUID().toString();
    private final @Nullable String address;
    private volatile Listener listener = (client, user, sessionId) -> {};
    private volatile @Nullable RedisClient redis;
    private volatile @Nullable ClientResources resources;
    private volatile @Nullable StatefulRedisConnection<String, String> out;
    private volatile boolean running;

    TypingExchange(StreamProperties properties) {
        this.address = properties.redis();
    }

    /** Who is told what other gateways say. */
    interface Listener {
        void typing(String client, String user, String sessionId);
    }

    void listen(Listener told) {
        listener = told;
    }

    /** Says so, if anybody can be told now. */
    void tellOthers(String client, String user, String sessionId) {
        StatefulRedisConnection<String, String> open = out;
        if (open != null && open.isOpen()) {
            var unused = open.async()
                    .publish(
                            TOPIC, ContractJson.mapper().writeValueAsString(new Typing(self, client, user, sessionId)));
        }
    }

    @Override
    public void start() {
        running = true;
        if (address == null) {
            return;
        }
        ClientResources made = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        RedisClient client = RedisClient.create(made);
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(SocketOptions.builder().connectTimeout(RETRY).build())
                .build());
        resources = made;
        redis = client;
        connect(client, RedisURI.create(address));
    }

    /** Lettuce comes back by itself once it has been connected; until then this asks again. */
    private void connect(RedisClient client, RedisURI uri) {
        AtomicReference<@Nullable StatefulConnection<String, String>> hearing = new AtomicReference<>();
        client.connectPubSubAsync(StringCodec.UTF8, uri)
                .thenCompose(in -> {
                    hearing.set(in);
                    in.addListener(new RedisPubSubAdapter<>() {
                        @Override
                        public void message(String topic, String message) {
                            heard(message);
                        }
                    });
                    return in.async().subscribe(TOPIC);
                })
                .thenCompose(subscribed -> client.connectAsync(StringCodec.UTF8, uri))
                .whenComplete((open, failed) -> {
                    if (failed == null) {
                        out = open;
                        return;
                    }
                    StatefulConnection<String, String> half = hearing.get();
                    if (half != null) {
                        half.closeAsync(); // or it would hear everything beside the next one
                    }
                    if (running) {
                        LOG.debug(
                                "Redis does not answer; other gateways are not told who is typing: {}",
                                failed.toString());
                        CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS)
                                .execute(() -> {
                                    if (running) {
                                        connect(client, uri);
                                    }
                                });
                    }
                });
    }

    private void heard(String message) {
        try {
            Typing typing = ContractJson.mapper().readValue(message, Typing.class);
            if (!typing.gateway.equals(self)) {
                listener.typing(typing.clientId, typing.user, typing.sessionId);
            }
        } catch (JacksonException e) {
            LOG.debug("Somebody else writes to {}: {}", TOPIC, e.getMessage());
        }
    }

    /** Whether other gateways are heard and told. */
    boolean connected() {
        StatefulRedisConnection<String, String> open = out;
        return open != null && open.isOpen();
    }

    @Override
    public void stop() {
        running = false;
        RedisClient client = redis;
        ClientResources made = resources;
        if (client != null && made != null) {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
            made.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the connections, which use it. With a later phase they would be ended with it, before the port is closed. */
    @Override
    public int getPhase() {
        return 0;
    }

    private record Typing(String gateway, String clientId, String user, String sessionId) {}
}
