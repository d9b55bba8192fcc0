package io.opsrelay.messaging.job;

import java.time.Duration;
import java.util.UUID;

/** Leaves work behind in the running transaction; a {@link JobQueue}'s worker does it after the commit. */
public interface Jobs {

    /**
     * Adds a job that is due at once.
     *
     * @param queue the {@link JobQueue}'s name
     * @param key jobs of one key run one at a time, in the order they were added
     * @param kind what to do, a word of the queue's own
     * @param subject id of what it is about
     */
    default void add(String queue, String clientId, String key, String kind, UUID subject) {
        addLater(queue, clientId, key, kind, subject, Duration.ZERO);
    }

    /** Like {@link #add}, due after {@code delay}. */
    void addLater(String queue, String clientId, String key, String kind, UUID subject, Duration delay);

    /**
     * Makes jobs about {@code subject} due at once. Only for jobs that are known to wait: one that a worker has in hand would
     * be given to a second worker, and the first could not commit.
     *
     * @return whether there was one
     */
    boolean hasten(String queue, String clientId, String kind, UUID subject);
}
