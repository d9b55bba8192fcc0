package io.opsrelay.gateway.feed;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What was read again from Kafka, counted in bytes for as long as anybody uses it: bounded for all together, and one
 * client may hold half. Thread-safe.
 */
final class HistoryMemory {

    private final long most;
    private final Map<String, Long> byClient = new HashMap<>();
    private long held;
    private int waiting;

    HistoryMemory(long most) {
        this.most = most;
    }

    /** The most that one client may hold, in bytes. */
    long mostOfClient() {
        return most / 2;
    }

    /**
     * Waits for room and takes it. Only one at a time waits for what all have together: two that hold something already
     * would wait for one another.
     *
     * @param deadline of the monotonic clock, in ns
     * @return false, and nothing was taken, if there was no room until then
     */
    synchronized boolean take(String client, long bytes, long deadline) throws InterruptedException {
        while (held + bytes > most || byClient.getOrDefault(client, 0L) + bytes > mostOfClient()) {
            boolean forAll = held + bytes > most;
            long left = deadline - System.nanoTime();
            if (left <= 0 || (forAll && waiting > 0)) {
                return false;
            }
            waiting += forAll ? 1 : 0;
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } finally {
                waiting -= forAll ? 1 : 0;
            }
        }
        held += bytes;
        byClient.merge(client, bytes, Long::sum);
        return true;
    }

    /** Gives back what was taken. */
    synchronized void give(String client, long bytes) {
        held -= bytes;
        byClient.computeIfPresent(client, (same, had) -> had == bytes ? null : had - bytes);
        notifyAll();
    }

    /** How many wait for what all have together. */
    synchronized int waiting() {
        return waiting;
    }

    /** By all clients together, in bytes. */
    synchronized long held() {
        return held;
    }
}
