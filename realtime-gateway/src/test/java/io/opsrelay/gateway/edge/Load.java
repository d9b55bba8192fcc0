package io.opsrelay.gateway.edge;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Callers who post one request after the other: half of them over connections that they keep, half over new ones. */
final class Load implements AutoCloseable {

    static final int CALLERS = 8;

    private static final int MOST_REQUESTS = 20_000;
    private static final Duration PACE = Duration.ofMillis(4);

    private final int port;
    private final String bearer;
    private final List<Thread> callers = new ArrayList<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger reset = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Load(int port, String bearer) {
        this.port = port;
        this.bearer = bearer;
        for (int n = 0; n < CALLERS; n++) {
            boolean keeps = n % 2 == 0;
            callers.add(Thread.ofPlatform().unstarted(() -> call(keeps)));
        }
    }

    void start() {
        callers.forEach(Thread::start);
    }

    /** So many more than until now. */
    void awaitRequests(int more) {
        int goal = answered.get() + more;
        Awaitility.await().until(() -> answered.get() >= goal || !failures.isEmpty());
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Connections that nobody had accepted yet when the listener they were given to was closed. */
    int resetInTheQueue() {
        return reset.get();
    }

    private void call(boolean keeps) {
        RawConnection kept = null;
        for (int n = 0; n < MOST_REQUESTS && !closed; n++) {
            try {
                kept = one(kept != null ? kept : new RawConnection(port), keeps);
            } catch (IOException e) {
                failures.add("no connection: " + e);
                kept = null;
            }
            LockSupport.parkNanos(PACE.toNanos());
        }
        end(kept);
    }

    /** @return the connection if the next request may take it too */
    private @Nullable RawConnection one(RawConnection connection, boolean keeps) {
        try {
            RawConnection.Answer answer = connection.post("/api/v1/tickets", bearer, "{}");
            answered.incrementAndGet();
            if (answer.status() != 200) {
                failures.add("status " + answer.status());
            }
            if (keeps && !answer.last()) {
                return connection;
            }
        } catch (IOException e) {
            if (connection.requests() == 1) {
                reset.incrementAndGet();
            } else {
                failures.add("request " + connection.requests() + " of a connection: " + e);
            }
        }
        end(connection);
        return null;
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

    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (Thread caller : callers) {
            caller.join();
        }
    }
}
