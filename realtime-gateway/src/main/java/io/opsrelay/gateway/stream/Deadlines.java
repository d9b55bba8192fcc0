package io.opsrelay.gateway.stream;

import java.util.concurrent.TimeUnit;

/** What a connection owes by when. Times are of the monotonic clock, in ns. */
final class Deadlines {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final StreamProperties limits;
    private final long opened;
    private long lastReceived;
    private long nextHeartbeat;
    private long minuteBegan;
    private int inMinute;
    private long progress;
    private long progressed;

    Deadlines(StreamProperties limits, long now) {
        this.limits = limits;
        this.opened = now;
        this.lastReceived = now;
        this.minuteBegan = now;
        this.progressed = now;
    }

    /** Counts a frame; false if it is one too many within a minute. */
    boolean receivedWithinRate(long now) {
        lastReceived = now;
        if (now - minuteBegan >= MINUTE) {
            minuteBegan = now;
            inMinute = 0;
        }
        return ++inMinute <= limits.framesPerMinute();
    }

    void authenticated(long now) {
        nextHeartbeat = now + limits.heartbeat().toNanos();
    }

    boolean authOverdue(long now) {
        return now - opened >= limits.authTimeout().toNanos();
    }

    boolean inactive(long now) {
        return now - lastReceived >= limits.inactivity().toNanos();
    }

    /** @param mark see {@link Socket#progress()} */
    boolean stalled(long now, long mark) {
        if (mark == 0 || mark != progress) {
            progress = mark;
            progressed = now;
            return false;
        }
        return now - progressed >= limits.stall().toNanos();
    }

    boolean heartbeatDue(long now) {
        if (now - nextHeartbeat < 0) {
            return false;
        }
        nextHeartbeat = now + limits.heartbeat().toNanos();
        return true;
    }
}
