package io.opsrelay.messaging;

import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.FeedRecord;

/**
 * Events that leave with the commit of the running transaction, or not at all. They reach Kafka at least once, in order
 * per key; the feed records of a commit are acknowledged before its events are sent.
 */
public interface Outbox {

    /**
     * Adds an event of that client.
     *
     * @throws IllegalStateException outside a transaction
     */
    void publish(String clientId, Event event);

    /**
     * Adds a record to that client's feed.
     *
     * @throws IllegalStateException outside a transaction
     */
    void feed(String clientId, FeedRecord feedRecord);
}
