package io.opsrelay.benchmarks.fanout;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What this machine takes for one write of a message to one connection over loopback, with nothing around it: the floor
 * under whatever sends a lone message, and the measure by which figures of different machines can be compared.
 */
final class LoopbackWrite {

    private static final int MESSAGE = 310;
    private static final int ROUNDS = 400;
    private static final int NOT_COUNTED = 100;
    private static final long INTERVAL_NANOS = 10_000_000;
    private static final long PATIENCE_MILLIS = 100;

    private LoopbackWrite() {}

    /** Processor time of the writing thread for each write, in us, at 100 rounds a second over all connections. */
    static double micros(int connections) throws IOException, InterruptedException {
        List<SocketChannel> writing = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open();
                Selector selector = Selector.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), connections);
            for (int i = 0; i < connections; i++) {
                SocketChannel reading = SocketChannel.open(server.getLocalAddress());
                reading.configureBlocking(false);
                reading.register(selector, SelectionKey.OP_READ);
                SocketChannel accepted = server.accept();
                accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
                writing.add(accepted);
            }
            Thread reader = Thread.ofPlatform().daemon().start(() -> read(selector));
            try {
                return write(writing);
            } finally {
                for (SocketChannel channel : writing) {
                    channel.close();
                }
                reader.join();
            }
        }
    }

    private static double write(List<SocketChannel> channels) throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
        long before = 0;
        long next = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            if (round == NOT_COUNTED) {
                before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            }
            for (SocketChannel channel : channels) {
                message.clear();
                channel.write(message);
            }
            next += INTERVAL_NANOS;
            while (System.nanoTime() - next < 0) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
        long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        return used / 1e3 / ((ROUNDS - NOT_COUNTED) * (double) channels.size());
    }

    /** Until every connection has ended. */
    private static void read(Selector selector) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        try {
            while (!selector.keys().isEmpty()) {
                selector.select(key -> drain(key, buffer), PATIENCE_MILLIS);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void drain(SelectionKey key, ByteBuffer buffer) {
        buffer.clear();
        try {
            if (((SocketChannel) key.channel()).read(buffer) < 0) {
                key.channel().close();
            }
        } catch (IOException e) {
            key.cancel();
        }
    }
}
