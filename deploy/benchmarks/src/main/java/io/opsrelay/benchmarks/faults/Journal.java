package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.history.History.Answer;
import io.opsrelay.benchmarks.history.History.Load;
import io.opsrelay.benchmarks.history.History.Post;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What is done and seen while the load runs. Thread-safe; times are of {@link System#nanoTime}. */
final class Journal {

    private static final Set<String> ENDS = Set.of("ticket_resolved", "ticket_escalated");

    private final Map<String, Wish> wishes = new ConcurrentHashMap<>();
    private final Map<String, Long> postedAt = new ConcurrentHashMap<>();
    private final Map<String, String> decisions = new ConcurrentHashMap<>();
    private final Set<String> poison = ConcurrentHashMap.newKeySet();
    private final List<Progress> progress = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final Set<String> givenUp = ConcurrentHashMap.newKeySet();
    private final long began = System.nanoTime();
    private volatile long lastDue = began;

    /** A request is about to be sent for the first time. */
    void wished(String client, String key, boolean good) {
        lastDue = System.nanoTime();
        wishes.put(key, new Wish(client, key, good, lastDue));
    }

    /** A request was due and is not sent: too many wait for their answers. */
    void skipped() {
        lastDue = System.nanoTime();
        skipped.incrementAndGet();
    }

    /** Somebody asked again and again, and asks no more. */
    void gaveUp(String key) {
        givenUp.add(key);
    }

    Load load() {
        return new Load(wishes.size() + skipped.get(), skipped.get(), givenUp, Duration.ofNanos(lastDue - began));
    }

    void answered(String key, int status, @Nullable String ticketId) {
        Wish wish = wishes.get(key);
        if (wish == null || status == 0) {
            return;
        }
        wish.answer(new Answer(status, ticketId));
        if (ticketId != null) {
            postedAt.putIfAbsent(ticketId, wish.at);
            if (status == 202) {
                acknowledged.incrementAndGet();
            }
        }
    }

    /** What a person is about to say. */
    void decided(String approvalId, String decision) {
        decisions.putIfAbsent(approvalId, decision);
    }

    @Nullable
    String decision(String approvalId) {
        return decisions.get(approvalId);
    }

    void poisoned(String key) {
        poison.add(key);
    }

    Set<String> poison() {
        return Set.copyOf(poison);
    }

    long acknowledged() {
        return acknowledged.get();
    }

    List<Post> posts() {
        return wishes.values().stream().map(Wish::post).toList();
    }

    /** A dashboard saw something happen to a ticket. */
    void happened(String event, String ticketId) {
        if (ENDS.contains(event) || event.equals("action_prepared") || event.equals("approval_requested")) {
            synchronized (progress) {
                progress.add(new Progress(System.nanoTime(), event, ticketId));
            }
        }
    }

    /**
     * When the work that needs {@code target} was first seen to be done again, for a ticket that was posted after
     * {@code since}; null if it was not yet.
     */
    @Nullable
    Long workedAgain(String target, long since) {
        synchronized (progress) {
            for (int i = progress.size() - 1, first = -1; ; i--) {
                if (i < 0 || progress.get(i).at < since) {
                    return first < 0 ? null : progress.get(first).at;
                }
                Long posted = postedAt.get(progress.get(i).ticketId);
                if (posted != null && posted - since >= 0 && shows(target, progress.get(i).event)) {
                    first = i;
                }
            }
        }
    }

    private static boolean shows(String target, String event) {
        return switch (target) {
            case "action-engine" -> event.equals("action_prepared");
            case "approval-service" -> event.equals("approval_requested");
            default -> ENDS.contains(event);
        };
    }

    private record Progress(long at, String event, String ticketId) {}

    private static final class Wish {
        private final String client;
        private final String key;
        private final boolean good;
        private final long at;
        private final List<Answer> answers = new ArrayList<>();

        Wish(String client, String key, boolean good, long at) {
            this.client = client;
            this.key = key;
            this.good = good;
            this.at = at;
        }

        synchronized void answer(Answer answer) {
            answers.add(answer);
        }

        synchronized Post post() {
            return new Post(client, key, good, answers);
        }
    }
}
