package io.opsrelay.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.testing.TestServices;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RateLimiterTest {

    private static final int LIMIT = 400;

    /** Far more than at work: what is right does not come near it, though the machine halts for a moment. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String bucket = "test:" + UUID.randomUUID();

    @Test
    void twoGatewaysShareABucket() {
        try (RateLimiter one = limiter(TestServices.get().redis());
                RateLimiter two = limiter(TestServices.get().redis())) {
            long began = System.nanoTime();
            long allowed = IntStream.range(0, 10 * LIMIT)
                    .filter(n -> allowed(n % 2 == 0 ? one : two))
                    .count();
            double seconds = (System.nanoTime() - began) / 1e9;

            assertThat(allowed).isBetween((long) LIMIT, (long) (LIMIT * (1 + seconds)) + 1);
            assertThat(one.away() || two.away()).isFalse();
            // Somebody else's bucket is full.
            assertThat(one.ask(bucket + "-other", LIMIT, Runnable::run).block().allowed())
                    .isTrue();
        }
    }

    @Test
    void withoutAnAddressOfRedisAGatewayCountsForItself() {
        try (RateLimiter alone = limiter(null)) {
            long began = System.nanoTime();
            long allowed =
                    IntStream.range(0, 10 * LIMIT).filter(n -> allowed(alone)).count();
            double seconds = (System.nanoTime() - began) / 1e9;

            assertThat(allowed).isBetween((long) LIMIT, (long) (LIMIT * (1 + seconds)) + 1);
        }
    }

    @Test
    void whileRedisIsAwayAGatewayCountsForItselfAndSaysSoOnce(CapturedOutput output) throws IOException {
        try (Relay relay = new Relay();
                RateLimiter limiter = limiter(relay.uri())) {
            assertThat(allowed(limiter)).isTrue();
            assertThat(limiter.away()).isFalse();

            relay.cut();
            awaitAway(limiter);
            assertThat(allowed(limiter)).isTrue();
            relay.accept();
            awaitBack(limiter);

            relay.hold();
            awaitAway(limiter);
            long began = System.nanoTime();
            assertThat(allowed(limiter)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
            relay.cut();
            relay.accept();
            awaitBack(limiter);
        }
        assertThat(output.getAll().split("Redis does not answer", -1)).hasSize(3);
        assertThat(output.getAll().split("Redis answers again", -1)).hasSize(3);
    }

    private void awaitAway(RateLimiter limiter) {
        Awaitility.await().atMost(PATIENCE.multipliedBy(6)).until(() -> {
            IntStream.range(0, LIMIT).forEach(n -> limiter.ask(bucket + "-load", LIMIT, Runnable::run)
                    .block());
            return limiter.away();
        });
    }

    private void awaitBack(RateLimiter limiter) {
        Awaitility.await().atMost(PATIENCE.multipliedBy(6)).until(() -> {
            limiter.ask(bucket, LIMIT, Runnable::run).block();
            return !limiter.away();
        });
    }

    private boolean allowed(RateLimiter limiter) {
        return limiter.ask(bucket, LIMIT, Runnable::run).block().allowed();
    }

    private static RateLimiter limiter(String redis) {
        return new RateLimiter(new RateLimitProperties(2000, 500, redis, PATIENCE));
    }

    /** Stands before the real Redis, and can be cut off or hold back what is said. */
    private static final class Relay implements AutoCloseable {

        private final URI redis = URI.create(TestServices.get().redis());
        private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
        private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private volatile boolean open = true;
        private volatile boolean held;

        Relay() throws IOException {
            Thread.ofVirtual().start(this::acceptAll);
        }

        String uri() {
            return "redis://127.0.0.1:" + listener.getLocalPort();
        }

        void accept() {
            held = false;
            open = true;
        }

        void hold() {
            held = true;
        }

        void cut() throws IOException {
            open = false;
            for (Socket socket : sockets) {
                socket.close();
            }
            sockets.clear();
        }

        private void acceptAll() {
            try {
                while (true) {
                    Socket caller = listener.accept();
                    Socket server = new Socket(redis.getHost(), redis.getPort());
                    sockets.add(caller);
                    sockets.add(server);
                    if (open) {
                        Thread.ofVirtual().start(() -> copy(caller, server));
                        Thread.ofVirtual().start(() -> copy(server, caller));
                    } else {
                        caller.close();
                        server.close();
                    }
                }
            } catch (IOException e) {
                // Closed.
            }
        }

        private void copy(Socket from, Socket to) {
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                byte[] buffer = new byte[4096];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (!held) {
                        out.write(buffer, 0, read);
                        out.flush();
                    }
                }
            } catch (IOException e) {
                // Cut.
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
            cut();
        }
    }
}
