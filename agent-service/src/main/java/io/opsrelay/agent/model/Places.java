package io.opsrelay.agent.model;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The requests that a server may have under way from this instance, shared by clients (tenants): an eighth of them is out of
 * any one client's reach, and a place that becomes free goes to whoever of those that wait has the fewest. So a client whose
 * many runs wait for a slow model holds up itself.
 */
final class Places {

    private static final int KEPT_PART = 8;

    private final String model;
    private final int all;
    private final int mostOfOne;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Holder> holders = new HashMap<>();
    private int taken;
    private long asked;

    /**
     * @param model for what is told when there is no place
     * @param all requests at once
     * @param patience how long one waits for a place
     */
    Places(String model, int all, Duration patience) {
        this.model = model;
        this.all = all;
        this.mostOfOne = all - all / KEPT_PART;
        this.patience = patience;
    }

    /** The call, made in one of the client's places. */
    <T> Supplier<T> within(String clientId, Supplier<T> call) {
        return () -> {
            take(clientId);
            try {
                return call.get();
            } finally {
                giveBack(clientId);
            }
        };
    }

    /** @throws ModelUnavailableException if none becomes free in time: that says nothing about the server */
    private void take(String clientId) {
        CompletableFuture<Boolean> place = ask(clientId);
        try {
            place.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            giveUp(clientId, place);
            throw new ModelUnavailableException(
                    "model " + model + " has " + all + " requests under way already, or this client its share of them",
                    e);
        } catch (InterruptedException e) {
            giveUp(clientId, place);
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<Boolean> ask(String clientId) {
        lock.lock();
        try {
            Holder holder = holders.computeIfAbsent(clientId, client -> new Holder());
            CompletableFuture<Boolean> place = new CompletableFuture<>();
            holder.waiting.add(new Waiting(asked++, place));
            handOut();
            return place;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(String clientId) {
        lock.lock();
        try {
            Holder holder = holders.get(clientId);
            if (holder == null) {
                throw new IllegalStateException("a place is given back that nobody has");
            }
            taken--;
            holder.has--;
            handOut();
            forget(clientId, holder);
        } finally {
            lock.unlock();
        }
    }

    /** The place may have come at the last moment; then it goes to the next. */
    private void giveUp(String clientId, CompletableFuture<Boolean> place) {
        lock.lock();
        try {
            if (place.isDone()) {
                giveBack(clientId);
                return;
            }
            Holder holder = holders.get(clientId);
            if (holder != null) {
                holder.waiting.removeIf(waiting -> waiting.place == place);
                forget(clientId, holder);
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(String clientId, Holder holder) {
        if (holder.has == 0 && holder.waiting.isEmpty()) {
            holders.remove(clientId);
        }
    }

    private void handOut() {
        while (taken < all) {
            Holder next = holders.values().stream()
                    .filter(holder -> holder.has < mostOfOne && !holder.waiting.isEmpty())
                    .min(Comparator.comparingInt((Holder holder) -> holder.has)
                            .thenComparingLong(holder -> holder.waiting.element().number))
                    .orElse(null);
            if (next == null) {
                return;
            }
            taken++;
            next.has++;
            next.waiting.remove().place.complete(true);
        }
    }

    /** A client's part in it. */
    private static final class Holder {
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private int has;
    }

    /** Somebody who waits, since {@code number}. */
    private record Waiting(long number, CompletableFuture<Boolean> place) {}
}
