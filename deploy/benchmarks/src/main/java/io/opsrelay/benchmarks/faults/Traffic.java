package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.faults.Caller.Reply;
import io.opsrelay.benchmarks.faults.Wishes.Wish;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Posts at a constant rate, whatever becomes of it; each sender asks again until it is answered. What is due while too
 * many wait for their answers is not sent, and counted.
 */
final class Traffic {

    private static final long FIRST_PAUSE_MILLIS = 1000;
    /** More callers than the gateway has connections for would only measure its queue. */
    static final int MOST_OPEN = 300;

    private final Map<String, Caller> agents;
    private final Journal journal;
    private final Wishes wishes;
    private final ExecutorService threads;
    private final Patience patience;
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean leaving;

    Traffic(Map<String, Caller> agents, Journal journal, Wishes wishes, ExecutorService threads, Patience patience) {
        this.agents = agents;
        this.journal = journal;
        this.wishes = wishes;
        this.threads = threads;
        this.patience = patience;
    }

    /** Posts until told to stop. */
    void run(double rate) {
        long start = System.nanoTime();
        for (int i = 0; !leaving; i++) {
            long due = start + Math.round(i * 1e9 / rate);
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            Wish wish = wishes.next(i);
            if (open.get() >= MOST_OPEN) {
                journal.skipped();
            } else {
                journal.wished(wish.client(), wish.key(), wish.good());
                for (int n = 0; n < wish.times(); n++) {
                    open.incrementAndGet();
                    threads.execute(() -> send(wish));
                }
            }
        }
    }

    void leave() {
        leaving = true;
    }

    /** Whether everybody has been answered. */
    boolean isAnswered() {
        return open.get() == 0;
    }

    /** Doubling, with half of it left to chance: what comes back is not run over by all at once. */
    private long pauseAfter(int tries) {
        long longest = Math.min(patience.longestPause().toMillis(), FIRST_PAUSE_MILLIS << Math.min(tries, 10));
        return longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
    }

    private void send(Wish wish) {
        try {
            Caller agent = agents.get(wish.client());
            Map<String, String> headers = wish.header() == null ? Map.of() : Map.of("Idempotency-Key", wish.header());
            for (int tries = 0; tries < patience.tries() && agent != null; tries++) {
                Reply reply = agent.post("/api/v1/tickets", wish.body(), headers);
                String ticketId = reply.json().path("ticket_id").asString("");
                journal.answered(wish.key(), reply.status(), ticketId.isEmpty() ? null : ticketId);
                if (reply.status() >= 200 && reply.status() < 500 && reply.status() != 429) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(pauseAfter(tries));
            }
            journal.gaveUp(wish.key());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.decrementAndGet();
        }
    }

    /**
     * How long a sender puts up with it.
     *
     * @param tries until it gives up
     * @param longestPause between two of them
     */
    record Patience(int tries, Duration longestPause) {

        /** Asks for about twenty minutes. */
        static final Patience LONG = new Patience(200, Duration.ofSeconds(8));
    }
}
