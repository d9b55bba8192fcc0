package io.opsrelay.gateway.limit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What this gateway may let through of one bucket: a batch of tokens that it took from the shared bucket, and beside it
 * a bucket of its own for the time in which there is no shared one. Times are {@link System#nanoTime()}. Thread-safe.
 */
final class Allowance {

    /** Tokens that were not spent within this time are gone; so they cannot be saved up. */
    private static final long KEPT_NANOS = Duration.ofSeconds(1).toNanos();

    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private final int limit;
    private final int batch;
    private long left;
    private long leftUntil;
    private long sharedRemaining;
    private long refusedUntil;
    private double ownTokens;
    private long ownAt;
    private long lastAsked;
    private @Nullable CompletableFuture<?> refill;

    Allowance(int limit, long now) {
        this.limit = limit;
        // Twenty trips a second for who uses all of the limit, whatever it is.
        this.batch = Math.max(1, limit / 20);
        this.leftUntil = now;
        this.refusedUntil = now;
        this.ownTokens = limit;
        this.ownAt = now;
        this.lastAsked = now;
    }

    int batch() {
        return batch;
    }

    /** The verdict of what is known here; null if the shared bucket has to be asked. */
    synchronized @Nullable Verdict spend(long now) {
        lastAsked = now;
        if (left > 0 && now - leftUntil < 0) {
            left--;
            return Verdict.allowed(limit, sharedRemaining + left);
        }
        return now - refusedUntil < 0 ? Verdict.refused(limit, Duration.ofNanos(refusedUntil - now)) : null;
    }

    /** Whether it is time to fetch the next batch, so that no request has to wait for it. */
    synchronized boolean low(long now) {
        return left <= batch / 2 && now - refusedUntil >= 0;
    }

    /** The shared bucket gave something, or said when to ask again. */
    synchronized void credit(SharedBuckets.Grant grant, long now) {
        left = (now - leftUntil < 0 ? left : 0) + grant.tokens();
        leftUntil = now + KEPT_NANOS;
        sharedRemaining = grant.remaining();
        if (grant.tokens() == 0) {
            refusedUntil = now + Math.max(1, grant.waitMillis()) * 1_000_000;
        }
    }

    /** The verdict of this gateway's own bucket. */
    synchronized Verdict spendOwn(long now) {
        lastAsked = now;
        ownTokens = Math.min(limit, ownTokens + (double) (now - ownAt) * limit / SECOND_NANOS);
        ownAt = now;
        if (ownTokens >= 1) {
            ownTokens -= 1;
            return Verdict.allowed(limit, (long) ownTokens);
        }
        return Verdict.refused(limit, Duration.ofNanos((long) ((1 - ownTokens) * SECOND_NANOS / limit)));
    }

    /** The refill that is under way; null if a new one may begin. */
    synchronized @Nullable CompletableFuture<?> refill() {
        CompletableFuture<?> running = refill;
        return running == null || running.isDone() ? null : running;
    }

    synchronized void refill(CompletableFuture<?> running) {
        refill = running;
    }

    synchronized boolean idleSince(long then) {
        return lastAsked - then < 0;
    }
}
