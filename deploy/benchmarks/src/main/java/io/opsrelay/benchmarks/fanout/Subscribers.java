package io.opsrelay.benchmarks.fanout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Many WebSocket connections on one thread that does as little as possible: it finds each frame's number and due time at
 * their fixed place, and looks at nothing else. Where it is told so, it reads only some of them at once, and the others
 * some time later, many frames by one read: what comes is counted on all of them, latency on those read at once.
 */
final class Subscribers implements AutoCloseable {

    /** Connections that are being opened at once. */
    private static final int OPENING = 128;

    /** How long the kernel keeps what comes for a connection that is not read at once. */
    private static final long LATER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** While some are not read at once: how long nothing may come before those that are due are read. */
    private static final long TURN_MILLIS = 1;

    private static final long SEED = 1;

    private static final byte[] EMPTY = new byte[0];

    /** Little enough that who does not read is noticed soon. */
    private static final int DEAF_BUFFER = 4096;

    private static final Pattern POSITION =
            Pattern.compile("\"epoch\":\"(?<epoch>[^\"]+)\",\"offset\":(?<offset>-?\\d+)");

    private static final byte[] UPGRADE = String.join(
                    "\r\n",
                    "GET /api/v1/stream HTTP/1.1",
                    "Host: 127.0.0.1",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "",
                    "")
            .getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress gateway;
    private final Selector selector = Selector.open();
    private final Connection[] connections;
    private final Queue<Connection> waiting = new ArrayDeque<>();
    private final List<Connection> readLater = new ArrayList<>();
    private final CountDownLatch live;
    private final boolean subscribe;
    private final byte[] subscription;
    private volatile @Nullable String position;
    private final ByteBuffer shared = ByteBuffer.allocateDirect(1 << 20);
    private final Histogram latencies = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
    private final Thread thread = Thread.ofPlatform().name("subscribers").unstarted(this::run);

    private volatile boolean ending;
    private volatile @Nullable Exception failure;
    private volatile boolean recording;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private int opening;
    private long readLaterSince;
    private long readLaterTurns;

    /** Connections that are not opened yet, and will subscribe to their client's tickets from then on. */
    static Subscribers live(int port, int count, IntFunction<String> tokens) throws IOException {
        return new Subscribers(port, count, 0, 1, tokens, true, null);
    }

    /**
     * The same, but the first few of them never read what comes.
     *
     * @param atOnce the share of the others that is read at once, from above 0 to 1
     */
    static Subscribers partlyDeaf(int port, int count, int deaf, double atOnce, IntFunction<String> tokens)
            throws IOException {
        return new Subscribers(port, count, deaf, atOnce, tokens, true, null);
    }

    /**
     * The same, but they want all that came after a position.
     *
     * @param position as {@link #position()} told it
     */
    static Subscribers resuming(int port, int count, IntFunction<String> tokens, String position) throws IOException {
        return new Subscribers(port, count, 0, 1, tokens, true, position);
    }

    /** Connections that will authenticate and subscribe to nothing. */
    static Subscribers idle(int port, int count, IntFunction<String> tokens) throws IOException {
        return new Subscribers(port, count, 0, 1, tokens, false, null);
    }

    private Subscribers(
            int port,
            int count,
            int deaf,
            double atOnce,
            IntFunction<String> tokens,
            boolean subscribe,
            @Nullable String resume)
            throws IOException {
        this.gateway = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.subscribe = subscribe;
        this.subscription = masked("{\"type\":\"subscribe\",\"id\":\"1\",\"data\":{\"channel\":\"tickets\""
                + (resume == null ? "" : ",\"resume\":{" + resume + "}") + "}}");
        this.live = new CountDownLatch(count);
        this.connections = new Connection[count];
        Random random = new Random(SEED);
        for (int i = 0; i < count; i++) {
            connections[i] = new Connection(
                    masked("{\"type\":\"auth\",\"data\":{\"token\":\"" + tokens.apply(i) + "\"}}"),
                    i < deaf,
                    random.nextDouble() < atOnce);
            waiting.add(connections[i]);
        }
    }

    /** Where the connection that subscribed last begins, as JSON members; known once all are open. */
    String position() {
        return Objects.requireNonNull(position, "nobody has subscribed");
    }

    /** Opens all of them; returns when each has got its answer, with the seconds that took. */
    double open(Duration limit) throws InterruptedException {
        long began = System.nanoTime();
        thread.start();
        while (!live.await(100, TimeUnit.MILLISECONDS)) {
            Exception failed = failure;
            if (failed != null) {
                throw new IllegalStateException("the connections could not be opened: " + failed, failed);
            }
            if (System.nanoTime() - began > limit.toNanos()) {
                throw new IllegalStateException(live.getCount() + " connections were not open after " + limit);
            }
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** Forgets the figures so far and begins to record; nothing may be under way. */
    void startRecording() {
        latencies.reset();
        received.set(0);
        lost.set(0);
        repeated.set(0);
        recording = true;
    }

    long received() {
        return received.get();
    }

    /** Waits until so many frames came in all, or none has come for two seconds. */
    void awaitReceived(long expected) throws InterruptedException {
        long before = -1;
        while (received.get() < expected && received.get() != before) {
            before = received.get();
            Thread.sleep(2000);
        }
        Exception failed = failure;
        if (failed != null) {
            throw new IllegalStateException("a connection was lost: " + failed, failed);
        }
    }

    /** Numbers that never came, by what came after them. */
    long lost() {
        return lost.get();
    }

    long repeated() {
        return repeated.get();
    }

    /** From due to read, of those that are read at once, in microseconds. Read it when nothing is under way. */
    Histogram latencies() {
        return latencies;
    }

    private void run() {
        try {
            while (!ending) {
                while (opening < OPENING && !waiting.isEmpty()) {
                    waiting.remove().connect();
                    opening++;
                }
                selector.select(this::ready, readLater.isEmpty() ? 100 : TURN_MILLIS);
                readThoseDue();
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    /** Evenly over the time that each may wait: all of them in a row would keep the others waiting. */
    private void readThoseDue() throws IOException {
        long turns = (System.nanoTime() - readLaterSince) * readLater.size() / LATER_NANOS;
        for (; readLaterTurns < turns; readLaterTurns++) {
            readLater.get((int) (readLaterTurns % readLater.size())).read();
        }
    }

    private void ready(SelectionKey key) {
        try {
            ((Connection) key.attachment()).ready(key);
        } catch (IOException e) {
            key.cancel();
            failure = e;
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        ending = true;
        selector.wakeup();
        thread.join();
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }

    /** A client's frame with a mask of zeros, which changes nothing. */
    private static byte[] masked(String text) {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
        frame.put((byte) 0x81);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        }
        frame.putInt(0).put(payload);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** One WebSocket. Everything happens on the one thread. */
    private final class Connection {

        private static final int HANDSHAKE = 0;
        private static final int AUTH = 1;
        private static final int SUBSCRIBING = 2;
        private static final int LIVE = 3;

        private final byte[] auth;
        private final boolean deaf;
        private final boolean atOnce;
        private @Nullable SocketChannel channel;
        private byte[] rest = EMPTY;
        private int state = HANDSHAKE;
        private long last;

        Connection(byte[] auth, boolean deaf, boolean atOnce) {
            this.auth = auth;
            this.deaf = deaf;
            this.atOnce = atOnce;
        }

        void connect() throws IOException {
            SocketChannel opened = SocketChannel.open();
            channel = opened;
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (deaf) {
                opened.setOption(StandardSocketOptions.SO_RCVBUF, DEAF_BUFFER);
            }
            opened.connect(gateway);
            opened.register(selector, SelectionKey.OP_CONNECT, this);
        }

        void ready(SelectionKey key) throws IOException {
            SocketChannel open = (SocketChannel) key.channel();
            if (key.isConnectable()) {
                open.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
                send(open, UPGRADE);
                return;
            }
            read();
        }

        void read() throws IOException {
            SocketChannel open = Objects.requireNonNull(channel, "not connected");
            shared.clear();
            shared.put(rest);
            int read = open.read(shared);
            if (read < 0) {
                throw new IOException("the gateway closed a connection");
            }
            if (read == 0) {
                return;
            }
            shared.flip();
            if (state == HANDSHAKE) {
                handshake(open);
            }
            if (state != HANDSHAKE) {
                frames(open);
            }
            rest = shared.hasRemaining() ? new byte[shared.remaining()] : EMPTY;
            shared.get(rest);
        }

        private void handshake(SocketChannel open) throws IOException {
            int end = endOfHead();
            if (end < 0) {
                return;
            }
            byte[] head = new byte[end];
            shared.get(head);
            String answer = new String(head, StandardCharsets.US_ASCII);
            if (!answer.startsWith("HTTP/1.1 101")) {
                throw new IOException("the handshake was answered with "
                        + answer.lines().findFirst().orElse(""));
            }
            state = AUTH;
            send(open, auth);
        }

        private int endOfHead() {
            for (int i = 3; i < shared.limit(); i++) {
                if (shared.get(i) == '\n' && shared.get(i - 2) == '\n') {
                    return i + 1;
                }
            }
            return -1;
        }

        private void frames(SocketChannel open) throws IOException {
            while (shared.remaining() >= 2) {
                int start = shared.position();
                int opcode = shared.get(start) & 0x0f;
                int length = shared.get(start + 1);
                int header = 2;
                if (length == 126) {
                    if (shared.remaining() < 4) {
                        return;
                    }
                    length = shared.getShort(start + 2) & 0xffff;
                    header = 4;
                } else if (length == 127) {
                    throw new IOException("a frame of over 64 KiB");
                }
                if (shared.remaining() < header + length) {
                    return;
                }
                int end = start + header + length;
                if (opcode == 8) {
                    throw new IOException("closed with " + (shared.getShort(start + header) & 0xffff));
                }
                frame(open, end);
                shared.position(end);
            }
        }

        private void frame(SocketChannel open, int end) throws IOException {
            switch (state) {
                case AUTH -> {
                    if (subscribe) {
                        state = SUBSCRIBING;
                        send(open, subscription);
                    } else {
                        begin();
                    }
                }
                case SUBSCRIBING -> {
                    subscribed(open, end);
                    begin();
                }
                default -> {
                    // Only an event ends as the publisher's data do: a quotation mark stands before its number.
                    if (end - shared.position() > Publisher.N_FROM_END + 1
                            && shared.get(end - Publisher.N_FROM_END - 1) == '"'
                            && shared.get(end - 2) == '}') {
                        event(end);
                    }
                }
            }
        }

        private void subscribed(SocketChannel open, int end) throws IOException {
            byte[] text = new byte[end - shared.position()];
            shared.get(shared.position(), text);
            String answer = new String(text, StandardCharsets.UTF_8);
            Matcher found = POSITION.matcher(answer);
            if (!found.find()) {
                throw new IOException("the subscription was answered with " + answer);
            }
            position = found.group();
            if (deaf) {
                open.keyFor(selector).interestOps(0);
            } else if (!atOnce) {
                open.keyFor(selector).interestOps(0);
                readLater.add(this);
                readLaterSince = System.nanoTime();
                readLaterTurns = 0;
            }
        }

        private void begin() {
            state = LIVE;
            opening--;
            live.countDown();
        }

        private void event(int end) {
            long number = digits(end - Publisher.N_FROM_END, 10);
            if (last != 0 && number <= last) {
                repeated.incrementAndGet();
                return;
            }
            if (last != 0) {
                lost.addAndGet(number - last - 1);
            }
            last = number;
            received.incrementAndGet();
            if (recording && atOnce) {
                long micros = (System.nanoTime() - digits(end - Publisher.AT_FROM_END, 19)) / 1000;
                latencies.recordValue(Math.max(0, Math.min(micros, latencies.getHighestTrackableValue())));
            }
        }

        private long digits(int from, int count) {
            long value = 0;
            for (int i = from; i < from + count; i++) {
                value = value * 10 + shared.get(i) - '0';
            }
            return value;
        }

        private void send(SocketChannel open, byte[] bytes) throws IOException {
            if (open.write(ByteBuffer.wrap(bytes)) != bytes.length) {
                throw new IOException("the socket took too little");
            }
        }

        void close() throws IOException {
            SocketChannel open = channel;
            if (open != null) {
                open.close();
            }
        }
    }
}
