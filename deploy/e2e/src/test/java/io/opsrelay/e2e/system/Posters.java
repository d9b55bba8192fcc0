package io.opsrelay.e2e.system;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Callers who post tickets side by side, half of them over connections that they keep, half over new ones. Every tenth
 * post is a new ticket; the others ask for it again, which works the gateway and ingestion-service alone.
 */
public final class Posters implements AutoCloseable {

    /** How many there are. */
    public static final int CALLERS = 8;

    private static final String PATH = "/api/v1/tickets";
    private static final int POSTS_OF_A_TICKET = 10;
    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final URI base;
    private final String token;
    private final Map<String, Object> ticket;
    private final String run = "posted-" + UUID.randomUUID();
    private final List<Thread> callers = new ArrayList<>();
    private final Map<String, String> ids = new ConcurrentHashMap<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger reset = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /**
     * They begin at once.
     *
     * @param sender in whose name they post
     * @param ticket what they post, without {@code external_id}
     */
    public Posters(OpsRelay opsRelay, Person sender, Map<String, Object> ticket) {
        this.base = opsRelay.base();
        this.token = sender.accessToken();
        this.ticket = Map.copyOf(ticket);
        for (int n = 0; n < CALLERS; n++) {
            int caller = n;
            callers.add(Thread.ofPlatform()
                    .uncaughtExceptionHandler((thread, e) -> failures.add("caller " + caller + " ended: " + e))
                    .start(() -> post(caller)));
        }
    }

    /** Waits for so many more answers than until now, or for something that went wrong. */
    public void awaitAnswers(int more) {
        int goal = answered.get() + more;
        await("answers to posters").atMost(PATIENCE).until(() -> answered.get() >= goal || !failures.isEmpty());
    }

    /** How many posts were answered. */
    public int answered() {
        return answered.get();
    }

    /** The tickets of all answers. */
    public Set<String> tickets() {
        return Set.copyOf(ids.values());
    }

    /** Posts that were refused, cut off, or answered with another ticket than before. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Connections that nobody had accepted yet when the listener they were given to was closed. */
    public int resetInTheQueue() {
        return reset.get();
    }

    private void post(int caller) {
        boolean keeps = caller % 2 == 0;
        RawConnection kept = null;
        for (int n = 0; !closed; n++) {
            String externalId = run + "-" + caller + "-" + n / POSTS_OF_A_TICKET;
            try {
                kept = post(externalId, kept != null ? kept : new RawConnection(base), keeps);
            } catch (IOException e) {
                failures.add("no connection: " + e);
                kept = null;
            }
            LockSupport.parkNanos(PACE.toNanos());
        }
        end(kept);
    }

    /** @return the connection if the next post may take it too */
    private @Nullable RawConnection post(String externalId, RawConnection connection, boolean keeps) {
        try {
            Answer answer = connection.post(PATH, token, body(externalId));
            note(externalId, answer);
            if (keeps && !"close".equalsIgnoreCase(answer.headers().get("Connection"))) {
                return connection;
            }
        } catch (IOException e) {
            if (connection.requests() == 1) {
                reset.incrementAndGet();
            } else {
                failures.add("post " + connection.requests() + " of a connection: " + e);
            }
        }
        end(connection);
        return null;
    }

    private String body(String externalId) {
        Map<String, Object> body = new HashMap<>(ticket);
        body.put("external_id", externalId);
        return Json.write(body);
    }

    private void note(String externalId, Answer answer) {
        if (answer.status() != 202 && answer.status() != 200) {
            failures.add(answer.status() + " " + answer.text());
        } else {
            String id = answer.text("ticket_id");
            String before = ids.putIfAbsent(externalId, id);
            if (before != null && !before.equals(id)) {
                failures.add(externalId + " is two tickets: " + before + " and " + id);
            }
        }
        answered.incrementAndGet();
    }

    private static void end(@Nullable RawConnection connection) {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Returns when their last posts are through. */
    @Override
    public void close() {
        closed = true;
        for (Thread caller : callers) {
            try {
                caller.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
