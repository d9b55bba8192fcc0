package io.opsrelay.messaging.job;

import java.time.Duration;
import java.util.UUID;

/**
 * Work that this instance has claimed. It is this instance's until the lease runs out; the lease is renewed while the
 * worker runs.
 */
public interface Job {

    /** The client (tenant) whose work it is. */
    String clientId();

    /** See {@link Jobs#add}. */
    String kind();

    /** See {@link Jobs#add}. */
    UUID subject();

    /** Counts the tries, from 1. */
    int attempt();

    /**
     * Ends the job in the running transaction, together with its effect.
     *
     * @throws LeaseLostException if another worker has it by now: the transaction must not commit
     */
    void done();

    /**
     * Puts the job off in the running transaction.
     *
     * @throws LeaseLostException as {@link #done}
     */
    void again(Duration delay);

    /** Does something in the name of the event that left the job behind, as a worker of a single job does anyway. */
    void caused(Runnable work);
}
