package io.opsrelay.ingestion.intake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Between the thread that reads lines and the one that stores them. Who reads waits while it is full, so a body of any
 * size takes the same memory; who stores takes what is there once it has waited a moment for more, so a sender who
 * waits for answers gets them.
 */
final class BulkBuffer {

    private static final long MAX_BYTES = 4L * 1024 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<BulkLine> lines = new ArrayDeque<>();
    private final int batch;
    private final Duration linger;
    private long bytes;
    private boolean ended;
    private boolean given;

    /**
     * @param batch lines that are taken at once, at most
     * @param linger how long fewer are waited with
     */
    BulkBuffer(int batch, Duration linger) {
        this.batch = batch;
        this.linger = linger;
    }

    /** Adds a line, once there is room. False if nobody will take it any more. */
    boolean put(BulkLine line) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!given && (lines.size() >= 2 * batch || bytes >= MAX_BYTES)) {
                changed.await();
            }
            lines.add(line);
            bytes += line.size();
            changed.signalAll();
            return !given;
        } finally {
            lock.unlock();
        }
    }

    /** No more lines will come. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No more lines will be taken. */
    void giveUp() {
        lock.lock();
        try {
            given = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next lines, in their order; empty after the last one. */
    List<BulkLine> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (lines.isEmpty() && !ended) {
                changed.await();
            }
            long patience = linger.toNanos();
            while (lines.size() < batch && bytes < MAX_BYTES && !ended && patience > 0) {
                patience = changed.awaitNanos(patience);
            }
            List<BulkLine> taken = new ArrayList<>();
            while (!lines.isEmpty() && taken.size() < batch) {
                BulkLine line = lines.remove();
                bytes -= line.size();
                taken.add(line);
            }
            changed.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }
}
