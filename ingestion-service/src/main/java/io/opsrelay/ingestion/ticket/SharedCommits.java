package io.opsrelay.ingestion.ticket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Lets tickets of a client that come at the same moment share a commit: what comes while one is under way waits for the
 * next. A ticket that comes alone does not wait, and is stored by its caller's own thread. Thread-safe.
 */
final class SharedCommits {

    private static final int MOST = 128;

    private final BiFunction<String, HandedTicket, Reception> alone;
    private final BiFunction<String, List<HandedTicket>, List<Reception>> together;

    /** Who waits, by client. A client is in here while a commit of its is under way. */
    private final Map<String, ArrayDeque<Waiting>> clients = new ConcurrentHashMap<>();

    /**
     * Each of the two has stored nothing when it throws.
     *
     * @param alone stores one
     * @param together stores many in one commit and answers in their order
     */
    SharedCommits(
            BiFunction<String, HandedTicket, Reception> alone,
            BiFunction<String, List<HandedTicket>, List<Reception>> together) {
        this.alone = alone;
        this.together = together;
    }

    /** Stores the ticket, with others or alone; throws what storing it threw. */
    Reception receive(String clientId, HandedTicket ticket) {
        Waiting waiting = new Waiting(ticket, new CompletableFuture<>());
        AtomicBoolean first = new AtomicBoolean();
        clients.compute(clientId, (id, others) -> {
            if (others == null) {
                first.set(true);
                return new ArrayDeque<>();
            }
            others.add(waiting);
            return others;
        });
        if (first.get()) {
            try {
                return alone.apply(clientId, ticket);
            } finally {
                goOn(clientId);
            }
        }
        try {
            return waiting.answer().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException own ? own : e;
        }
    }

    /** How many of a client wait for a commit that is under way. */
    int waiting(String clientId) {
        int[] count = new int[1];
        clients.computeIfPresent(clientId, (id, others) -> {
            count[0] = others.size();
            return others;
        });
        return count[0];
    }

    /** A thread of its own serves those who wait, so that whoever has its answer serves nobody else. */
    private void goOn(String clientId) {
        List<Waiting> first = take(clientId);
        if (!first.isEmpty()) {
            Thread.ofVirtual().name("shared-commits").start(() -> {
                for (List<Waiting> batch = first; !batch.isEmpty(); batch = take(clientId)) {
                    store(clientId, batch);
                }
            });
        }
    }

    private void store(String clientId, List<Waiting> batch) {
        if (batch.size() == 1) {
            storeAlone(clientId, batch.getFirst());
            return;
        }
        try {
            List<Reception> answers =
                    together.apply(clientId, batch.stream().map(Waiting::ticket).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer().complete(answers.get(i));
            }
        } catch (DataIntegrityViolationException e) {
            // It is one ticket's fault, and the others are not to suffer from it.
            batch.forEach(one -> storeAlone(clientId, one));
        } catch (RuntimeException | Error e) {
            batch.forEach(one -> one.answer().completeExceptionally(e));
        }
    }

    private void storeAlone(String clientId, Waiting one) {
        try {
            one.answer().complete(alone.apply(clientId, one.ticket()));
        } catch (RuntimeException | Error e) {
            one.answer().completeExceptionally(e);
        }
    }

    /** Those who wait longest, no two with the same name; nobody if nobody waits, and then no commit is under way. */
    private List<Waiting> take(String clientId) {
        List<Waiting> batch = new ArrayList<>();
        clients.computeIfPresent(clientId, (id, others) -> {
            if (others.isEmpty()) {
                return null;
            }
            Set<Object> names = new HashSet<>();
            for (Iterator<Waiting> all = others.iterator(); all.hasNext() && batch.size() < MOST; ) {
                Waiting one = all.next();
                Object name = one.name();
                if (name == null || names.add(name)) {
                    batch.add(one);
                    all.remove();
                }
            }
            return others;
        });
        return batch;
    }

    private record Waiting(HandedTicket ticket, CompletableFuture<Reception> answer) {
        @Nullable
        Object name() {
            RequestKey key = ticket.key();
            return key != null ? key.key() : BatchStore.ExternalId.of(ticket.ticket());
        }
    }
}
